"""keras.applications through tf2onnx: pictures as TensorFlow has them (NHWC) and turned (NCHW), several operation sets."""

import os
import sys

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from case import Case, arguments, serve
from zoo_keras import FAMILIES, OWN_SCALING, application, augmented, compared, nested, op_layers

QUICK = ("MobileNetV2", "ResNet50V2")
LEAVE = ("VGG19", "ResNet101", "ResNet152", "ResNet101V2", "ResNet152V2", "DenseNet169", "DenseNet201", "EfficientNetB1",
         "EfficientNetB4", "EfficientNetV2S", "ConvNeXtSmall")
OPSETS = (13, 17, 11, 15, 18, 9)


def convert(model, size, opset, turned):
    signature = [tf.TensorSpec((None, size, size, 3), tf.float32, name="image")]
    proto, _ = tf2onnx.convert.from_keras(model, signature, opset=opset, inputs_as_nchw=["image"] if turned else None)
    return proto


def made_by(layer, graph, array):
    """(name, array): the last tensor of a layer's scope, and the layer's output in the order of axes that this one has."""
    inferred = onnx.shape_inference.infer_shapes(graph).graph.value_info
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in inferred}
    names = [o for node in graph.graph.node for o in node.output if "/%s/" % layer in o]
    if not names or len(shapes.get(names[-1], [])) != 4:
        return None
    first = array.transpose(0, 3, 1, 2)
    turned = shapes[names[-1]][1:] == list(first.shape[1:])
    return names[-1], first if turned else array


def made(name, group, build, size, scale, opset, turned):
    r = np.random.default_rng(len(name))
    x = (r.uniform(0, 1, (2, size, size, 3)) * scale).astype("float32")
    tf.keras.utils.set_random_seed(1)
    seed = r.normal(0, 1, (2, 10)).astype("float32")
    model, arrays, noise = compared(build, x, seed)
    proto = convert(model, size, opset, turned)
    known = {what: array for what, array in arrays.items() if what.startswith("map ")}
    found = {what: made_by(what[4:], proto, array) for what, array in known.items()}
    found = {what: pair for what, pair in found.items() if pair}

    def write(folder):
        onnx.save(proto, os.path.join(folder, "model.onnx"))
        return "model.onnx"

    def told():
        all_ = noise()
        return {**all_, **{"map " + pair[0]: all_[what] for what, pair in found.items()}}

    order = (lambda a: a.transpose(0, 3, 1, 2)) if turned else (lambda a: a)
    return Case("%s_%s%d" % (name, "nchw" if turned else "nhwc", opset), group, write, inputs=[order(x)],
                outputs=[arrays["output 0"]], maps=dict(found.values()), gradients=[order(arrays["gradient 0"])], seed=seed, noise=told)


def cases():
    quick, only = arguments()
    own = [(build.__name__, build, 48, 255.0 if build is augmented else 1.0) for build in (augmented, nested, op_layers)]
    zoo = [(name, application(name, size), size, 255.0 if name.startswith(OWN_SCALING) else 1.0)
           for name, size in FAMILIES if name not in LEAVE]
    for index, (name, build, size, scale) in enumerate(zoo + own):
        label = "%s_%s%d" % (name, "nchw" if index % 2 else "nhwc", OPSETS[index % len(OPSETS)])
        if only in label and (not quick or name in QUICK):
            yield made(name, "around them" if index >= len(zoo) else "keras.applications", build, size, scale,
                       OPSETS[index % len(OPSETS)], bool(index % 2))


serve(cases())
