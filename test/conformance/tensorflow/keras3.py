"""Keras 3: every family as `model.export` writes it."""

import os
import shutil
import tempfile

from case import arguments, serve
from zoo import FAMILIES, QUICK, Reference, keras

ABSENT = ("RegNet", "ResNetRS")  # families that only Keras 2 has


def exported(model):
    """How to put the exported model into a folder, and what a layer is called in it: some exports count every name on, to NAME_1."""
    kept = tempfile.mkdtemp()
    model.export(os.path.join(kept, "model"), verbose=False)
    with open(os.path.join(kept, "model", "saved_model.pb"), "rb") as file:
        graph = file.read()

    def write(folder):
        shutil.move(os.path.join(kept, "model"), os.path.join(folder, "model"))
        os.rmdir(kept)
        return "model"

    def rename(name):
        plain, counted = ((form % name).encode() in graph for form in ("/%s/", "/%s_1/"))
        return name + "_1" if counted and not plain else name

    return write, rename


def cases():
    quick, only = arguments()
    for name, side in FAMILIES:
        if name.startswith(ABSENT) or quick and name not in QUICK or only and name not in only and only not in name:
            continue
        ref = Reference(name, side)
        write, rename = exported(ref.model)
        made = ref.case("export", write, ref.model.inputs[0].name, "output_0", rename)
        made.group = "Keras 3 export"
        yield made


serve(cases())
