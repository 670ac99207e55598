"""keras.applications as .tflite: outputs and two tensors on the way against the interpreter, the input's gradient against TensorFlow.

Files with integers or float16 are compared with the same file dequantised (test/support/tflite_float.py), which the interpreter runs
in float32. What float32 may lose is Keras' (lib/keras_noise.py).
"""

import os
import sys

import numpy as np
import tensorflow as tf

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from case import Case, arguments, serve
from tflite_float import dequantised, interpret, with_outputs
from zoo_keras import FAMILIES, OWN_SCALING, application, compared

QUICK = ("MobileNetV2", "MobileNetV3Small", "EfficientNetB0", "ResNet50")
LEAVE = ("VGG19", "ResNet101", "ResNet152", "ResNet101V2", "ResNet152V2", "DenseNet169", "DenseNet201", "EfficientNetB1", "EfficientNetB4", "EfficientNetV2S", "ConvNeXtSmall")
INTEGERS = ("MobileNet", "MobileNetV2", "EfficientNetB0", "ResNet50")


def convert(model, kind, scale, size):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if kind == "integer":
        r = np.random.default_rng(3)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.representative_dataset = lambda: ([(r.uniform(0, 1, (1, size, size, 3)) * scale).astype("float32")] for _ in range(8))
    return converter.convert()


def on_the_way(data):
    """Two tensors with positions, at a third and at two thirds of the way, by name."""
    interpreter = tf.lite.Interpreter(model_content=data)
    tensors = {t["index"]: t for t in interpreter.get_tensor_details()}
    made = [o["outputs"][0] for o in interpreter._get_ops_details() if o["op_name"] not in ("QUANTIZE", "DEQUANTIZE", "DELEGATE") and len(o["outputs"])]
    wide = [i for i in made if len(tensors[i]["shape"]) == 4 and tensors[i]["shape"][1] > 1 and tensors[i]["name"]]
    return {tensors[i]["name"]: i for i in (wide[len(wide) // 3], wide[2 * len(wide) // 3])}


def cases():
    quick, only = arguments()
    for name, size in FAMILIES:
        if name in LEAVE or (quick and name not in QUICK):
            continue
        kinds = ["float32"] + (["float16", "dynamic", "integer"] if name in INTEGERS else [])
        if not any(only in "%s.%s" % (name, kind) for kind in kinds):
            continue
        scale = 255.0 if name.startswith(OWN_SCALING) else 1.0
        r = np.random.default_rng(len(name))
        x = (r.uniform(0, 1, (2, size, size, 3)) * scale).astype("float32")
        seed = r.normal(0, 1, (2, 10)).astype("float32")
        tf.keras.utils.set_random_seed(1)
        model, arrays, noise = compared(application(name, size), x, seed)
        for kind in kinds:
            data = convert(model, kind, scale, size)
            names = on_the_way(data)
            plain = dequantised(data)
            [output, *maps] = interpret(with_outputs(plain, [output_of(plain), *names.values()]), [x])
            exact = kind == "float32"

            def write(folder, data=data):
                with open(os.path.join(folder, "model.tflite"), "wb") as file:
                    file.write(data)
                return "model.tflite"

            def told(names=names):
                return {**noise(), **{"map " + one: max(noise().values()) for one in names}}

            yield Case("%s.%s" % (name, kind), kind, write, inputs=[x], outputs=[output], maps=dict(zip(names, maps)),
                       gradients={None: arrays["gradient 0"]} if exact else None, seed=seed if exact else None, noise=told)


def output_of(data):
    return tf.lite.Interpreter(model_content=data).get_output_details()[0]["index"]


serve(cases())
