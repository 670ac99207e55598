"""Keras 3: every family as `model.export` writes it."""

import os

from case import arguments, serve
from zoo import FAMILIES, QUICK, Reference, keras

ABSENT = ("RegNet", "ResNetRS")  # families that only Keras 2 has


def export(model, folder):
    model.export(os.path.join(folder, "model"), verbose=False)
    return "model"


def cases():
    quick, only = arguments()
    for name, side in FAMILIES:
        if name.startswith(ABSENT) or quick and name not in QUICK or only and name not in only and only not in name:
            continue
        ref = Reference(name, side)
        made = ref.case("export", lambda folder: export(ref.model, folder), ref.model.inputs[0].name, "output_0")
        made.group = "Keras 3 export"
        yield made


serve(cases())
