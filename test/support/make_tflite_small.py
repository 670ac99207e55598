"""The digits network in TFLite's kinds, against the interpreter: writes test/models/small_int8.tflite and test/golden/data/tflite.

Run as make_tflite.py, with FOLDER/small_k2.h5 and testset_300.npz (test/golden/data/digits_300.npz) for the calibration:

    k2/bin/python test/support/make_tflite_small.py

For each of small_{f16,dynint8,int8}.tflite the logits and the maps of conv3 of a digit, as the interpreter computes them from the
same file dequantised: what a float surrogate has to give. tflite.json also has the logits of the file as it is: the integer network's own.
"""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tflite_float import dequantised, interpret, with_outputs

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
MODELS = os.path.join(ROOT, "models")
DATA = os.path.join(ROOT, "golden", "data")


def pictures():
    found = np.load(os.path.join(DATA, "digits_300.npz"))
    return next(found[key] for key in found.files if found[key].ndim == 4).astype("float32") / 255


def integer():
    converter = tf.lite.TFLiteConverter.from_keras_model(tf.keras.models.load_model(os.path.join(MODELS, "small_k2.h5"), compile=False))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([x[None]] for x in pictures()[:100])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    with open(os.path.join(MODELS, "small_int8.tflite"), "wb") as file:
        file.write(converter.convert())


def tensors(data, x):
    """Logits (what the softmax takes) and the maps of the last convolution, as real numbers."""
    operators = tf.lite.Interpreter(model_content=data)._get_ops_details()
    softmax = next(o for o in operators if o["op_name"] == "SOFTMAX")
    convolution = [o for o in operators if o["op_name"] == "CONV_2D"][-1]
    wanted = [softmax["inputs"][0], convolution["outputs"][0]]
    return [value[0].astype("float32") for value in interpret(with_outputs(data, wanted), [x])]


if __name__ == "__main__":
    integer()
    x = np.asarray(tf.io.decode_png(open(os.path.join(DATA, "digits", "digit_00_label6.png"), "rb").read()))[None, ..., :3].astype("float32") / 255
    os.makedirs(os.path.join(DATA, "tflite"), exist_ok=True)
    told = {}
    for name in ("small_f16", "small_dynint8", "small_int8"):
        data = open(os.path.join(MODELS, name + ".tflite"), "rb").read()
        logits, maps = tensors(dequantised(data), x)
        own, _ = tensors(data, x)
        np.save(os.path.join(DATA, "tflite", name + "_conv3.npy"), maps)
        told[name] = {"logits": [float(v) for v in logits], "integerLogits": [float(v) for v in own]}
        print(name, "differs from the file as it is by", np.abs(own - logits).max(), "of", np.abs(logits).max())
    with open(os.path.join(DATA, "tflite", "logits.json"), "w") as file:
        json.dump(told, file, indent=1)
