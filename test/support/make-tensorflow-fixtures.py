"""Makes test/models/tensorflow: frozen graphs of a few kB with what TensorFlow 2.15 computes, and the small network frozen.

    python make-tensorflow-fixtures.py SMALL_SAVED_MODEL      (a SavedModel folder of the digits network)
"""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "../conformance", part) for part in ("tensorflow", "lib")]

import numpy as np
import tensorflow as tf
from convert import write_graph
from modules import CASES, Network, computed, picture
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

target = os.path.join(here, "../models/tensorflow")


def numbers(a):
    return {"shape": list(a.shape), "data": [float("%.8g" % v) for v in np.asarray(a, "float64").ravel()]}


def graph_of(network):
    return convert_variables_to_constants_v2(network.__call__.get_concrete_function()).graph.as_graph_def()


def main():
    os.makedirs(target, exist_ok=True)
    x = picture()[:1]
    for body in CASES:
        network = Network(body)
        y, gradient = computed(network, x)
        write_graph(graph_of(network), target)
        os.replace(os.path.join(target, "model.pb"), os.path.join(target, body.__name__ + ".pb"))
        told = {"input": numbers(x), "output": numbers(y), "gradient": numbers(gradient)}
        with open(os.path.join(target, body.__name__ + ".expected.json"), "w") as file:
            json.dump(told, file, separators=(",", ":"))
    model = tf.saved_model.load(sys.argv[1])
    signature = model.signatures["serving_default"]
    write_graph(convert_variables_to_constants_v2(signature).graph.as_graph_def(), target)
    os.replace(os.path.join(target, "model.pb"), os.path.join(target, "../small_frozen.pb"))


main()
