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


def channels_first():
    """The same network in both orders: TensorFlow runs only the one with channels last here, and the other is written."""
    rng = np.random.default_rng(11)
    w = lambda *shape: tf.constant(rng.normal(0, 0.3, shape).astype("float32"))
    k1, b1, k2, stats, k3 = w(3, 3, 3, 4), w(4), w(3, 3, 4, 2), [abs(w(8)) + 0.5 for _ in range(4)], w(3, 3, 5, 8)

    def network(x, order):
        first = order == "NCHW"
        pair = lambda n: [1, 1, n, n] if first else [1, n, n, 1]
        at = lambda nhwc: [nhwc[i] for i in (0, 3, 1, 2)] if first else nhwc
        y = tf.raw_ops.Conv2D(input=x, filter=k1, strides=pair(1), padding="EXPLICIT",
                              explicit_paddings=sum(map(list, at([[0, 0], [1, 1], [2, 1], [0, 0]])), []), data_format=order)
        y = tf.nn.relu(tf.raw_ops.BiasAdd(value=y, bias=b1, data_format=order))
        y = tf.raw_ops.DepthwiseConv2dNative(input=y, filter=k2, strides=pair(1), padding="SAME", data_format=order)
        y = tf.raw_ops.FusedBatchNormV3(x=y, scale=stats[0], offset=stats[1], mean=stats[2], variance=stats[3],
                                        is_training=False, epsilon=1e-3, data_format=order)[0]
        gate = tf.sigmoid(tf.reduce_mean(y, [2, 3] if first else [1, 2], keepdims=True))
        y = tf.concat([y * gate, tf.tanh(y)], 1 if first else 3)
        y = tf.pad(y, at([[0, 0], [0, 1], [1, 0], [0, 0]]))
        y = tf.raw_ops.MaxPool(input=y, ksize=pair(2), strides=pair(2), padding="VALID", data_format=order)
        half = tf.raw_ops.Slice(input=y, begin=[0, 0, 0, 0], size=[-1, 8, -1, -1] if first else [-1, -1, -1, 8])
        sizes = [1, 5, 7, 9] if first else [1, 7, 9, 5]
        return tf.raw_ops.Conv2DBackpropInput(input_sizes=sizes, filter=k3, out_backprop=half, strides=pair(2),
                                              padding="SAME", data_format=order)

    x = picture()[:1]
    t = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = network(t, "NHWC")
        loss = tf.reduce_sum(y)
    gradient = tape.gradient(loss, t)
    traced = tf.function(lambda x: network(x, "NCHW")).get_concrete_function(tf.TensorSpec((None, 3, 8, 8), name="x"))
    write_graph(convert_variables_to_constants_v2(traced).graph.as_graph_def(), target)
    os.replace(os.path.join(target, "model.pb"), os.path.join(target, "channels_first.pb"))
    tell("channels_first", x, y.numpy(), gradient.numpy())


def tell(name, x, y, gradient):
    told = {"input": numbers(x), "output": numbers(y), "gradient": numbers(gradient)}
    with open(os.path.join(target, name + ".expected.json"), "w") as file:
        json.dump(told, file, separators=(",", ":"))


def main():
    os.makedirs(target, exist_ok=True)
    x = picture()[:1]
    for body in CASES:
        network = Network(body)
        y, gradient = computed(network, x)
        write_graph(graph_of(network), target)
        os.replace(os.path.join(target, "model.pb"), os.path.join(target, body.__name__ + ".pb"))
        tell(body.__name__, x, y, gradient)
    channels_first()
    model = tf.saved_model.load(sys.argv[1])
    signature = model.signatures["serving_default"]
    write_graph(convert_variables_to_constants_v2(signature).graph.as_graph_def(), target)
    os.replace(os.path.join(target, "model.pb"), os.path.join(target, "../small_frozen.pb"))


main()
