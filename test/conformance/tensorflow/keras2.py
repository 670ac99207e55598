"""Keras 2: every family as SavedModel, frozen graph (plain and optimised) and TF.js model; operations by hand in tf.Module."""

import os
import shutil

from case import LeftOut, arguments, serve
from zoo import FAMILIES, QUICK, Reference, tf

import convert
import modules

GROUPS = {"savedmodel": "Keras 2 SavedModel", "frozen": "frozen graph", "folded": "frozen graph, optimised",
          "tfjs-graph": "TF.js graph-model", "tfjs-layers": "TF.js layers-model", "tfjs-quantised": "TF.js uint16"}


def family(name, side):
    ref = Reference(name, side)
    given, taken = ref.model.input_names[0], ref.model.output_names[0]
    scoped = {n: n for n in ref.maps}

    def case(kind, write, i=given, o=taken):
        made = ref.case(kind, write, i, o, rename=scoped.get)
        made.group = GROUPS[kind]
        return made

    yield case("savedmodel", lambda folder: convert.saved_model(ref.model, folder))
    yield case("frozen", lambda folder: convert.frozen(ref.model, folder), "x", "Identity")
    yield case("folded", lambda folder: convert.folded(ref.model, folder), "x", "Identity")
    yield case("tfjs-graph", lambda folder: convert.tfjs_graph(ref.model, folder))
    yield case("tfjs-layers", lambda folder: convert.tfjs_layers(ref.model, folder), given, taken)


def cases():
    quick, only = arguments()
    yield from (c for c in modules.cases() if only in c.name)
    for name, side in FAMILIES:
        if quick and name not in QUICK or only and name not in only and only not in name:
            continue
        yield from family(name, side)


serve(cases())
