"""Writes test/models/tflite: tiny networks that cover every TFLite operator the reader knows, with what the TFLite interpreter computes.

Run with TensorFlow 2.15 (only to add cases; the files are kept in the repository):

    python -m venv k2 && k2/bin/pip install tensorflow-cpu==2.15.1 && k2/bin/python test/support/make_tflite.py

NAME.tflite and NAME.json: inputs and outputs, float32. Files with integers (weights, or everything) are compared with the same file
dequantised (test/support/tflite_float.py): what a float surrogate has to compute, up to float32's rounding. `quanta` in their JSON
tells how far the integer network itself is from that, in steps of the output. Names of cases can be given as arguments.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tflite_float import dequantised, interpret

L = tf.keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OUT = os.path.join(ROOT, "models", "tflite")
CASES = {}
X = [2, 7, 6, 4]


def case(*shapes, batch=None, quantise=None, **settings):
    """Shapes of the inputs; the batch (their first size) is free in the file unless `batch` says otherwise."""
    return lambda make: CASES.setdefault(make.__name__, (make, shapes or (X,), batch, quantise, settings))


def normal(*shape):
    return tf.constant(np.random.default_rng(sum(shape)).normal(0, 0.5, shape).astype("float32"))


@case()
def convolution(x):
    k = normal(3, 3, 4, 5)
    return [
        tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, k, 1, "SAME"), normal(5))),
        tf.nn.relu6(tf.nn.conv2d(x, normal(3, 2, 4, 5), [1, 2, 1, 1], "VALID")),
        tf.nn.conv2d(x, k, 1, "SAME", dilations=2),
        tf.nn.conv2d(x, normal(3, 3, 2, 6), 1, "SAME"),
        tf.nn.conv2d(x, normal(3, 3, 1, 8), 2, "VALID"),
        tf.nn.depthwise_conv2d(x, normal(3, 3, 4, 2), [1, 2, 2, 1], "SAME") + normal(8),
        tf.nn.relu(tf.nn.depthwise_conv2d(x, normal(3, 3, 4, 1), [1, 1, 1, 1], "VALID", dilations=[2, 1])),
        tf.tanh(tf.nn.conv2d(x, normal(1, 1, 4, 3), 3, "SAME")),
    ]


@case(batch=2)
def transposed(x):
    return [
        tf.nn.conv2d_transpose(x, normal(3, 3, 5, 4), [2, 14, 12, 5], 2, "SAME"),
        tf.nn.conv2d_transpose(x, normal(2, 3, 5, 4), [2, 14, 13, 5], 2, "VALID") + normal(5),
        tf.nn.conv2d_transpose(x, normal(3, 3, 2, 4), [2, 19, 12, 2], [3, 2], "SAME"),
    ]


@case(X, [2, 6])
def dense(x, v):
    return [
        tf.nn.relu(v @ normal(6, 5) + normal(5)),
        v @ normal(6, 3),
        tf.tensordot(x, normal(4, 5), 1) + normal(5),
        tf.linalg.matmul(tf.reshape(x, [-1, 42, 4]), normal(4, 3)),
        tf.linalg.matmul(x, x, transpose_b=True), tf.linalg.matmul(x, x, transpose_a=True),
        tf.nn.softmax(tf.reshape(x, [-1, 168]) @ normal(168, 4)),
    ]


@case()
def pooling(x):
    return [
        tf.nn.max_pool2d(x, 2, 2, "VALID"), tf.nn.max_pool2d(x, 3, 2, "SAME"), tf.nn.avg_pool2d(x, 3, 2, "SAME"),
        tf.nn.avg_pool2d(x, [2, 3], 1, "VALID"), tf.reduce_mean(x, [1, 2]), tf.reduce_mean(x, [1, 2], keepdims=True),
        tf.reduce_max(x, [1, 2]), tf.reduce_sum(x, -1), tf.reduce_min(x, 2, keepdims=True),
        tf.nn.local_response_normalization(x, 2, 1.5, 0.7, 0.6), tf.nn.l2_normalize(x, -1),
    ]


@case()
def activations(x):
    return [
        tf.nn.relu(x), tf.nn.relu6(x * 8.0), tf.minimum(tf.maximum(x, -1.0), 1.0), tf.nn.leaky_relu(x, 0.3), tf.nn.elu(x), tf.sigmoid(x),
        tf.tanh(x), tf.nn.softmax(x), tf.nn.log_softmax(x), x * tf.nn.relu6(x + 3) / 6.0, tf.nn.gelu(x, approximate=True),
        tf.nn.silu(x), tf.nn.softmax(x * 0.25), tf.clip_by_value(x, 0.0, 1.0),
    ]


@case(flex=True)
def exact_gelu(x):
    return tf.nn.gelu(x) * 2.0


@case(model=True)
def prelu():
    return tf.keras.Sequential([
        L.Input(X[1:]), L.PReLU(shared_axes=[1, 2], alpha_initializer="uniform"), L.PReLU(alpha_initializer="uniform")])


@case(X, X)
def elementwise(x, y):
    row = normal(4)
    p = tf.abs(x) + 0.1
    return [
        x + y, x - row, 2.0 - x, x * row, x / (tf.abs(y) + 1.0), tf.maximum(x, y), tf.minimum(x, 0.2), tf.math.squared_difference(x, y),
        tf.sqrt(p), tf.math.rsqrt(p), tf.exp(x), tf.math.log(p), tf.pow(p, 1.7), tf.square(x), tf.abs(x), -x, tf.floor(x * 3), tf.math.ceil(x * 3),
        tf.where(x > y, x, y * 0.5), tf.cast(x > 0, tf.float32), tf.where(tf.logical_and(x < 0.5, tf.logical_not(x < -0.5)), x, 0.0 * x),
        tf.cast(tf.cast(x * 4, tf.int32), tf.float32), tf.math.floormod(x, 0.7), x - tf.reduce_mean(x, [1, 2], keepdims=True), tf.sign(x),
        tf.math.add_n([x, y, x]), tf.nn.relu(x + y), tf.math.floordiv(x, 0.3),
        tf.round(x * 3), tf.sin(x), tf.cos(x),
    ]


@case()
def reshaping(x):
    return [
        tf.reshape(x, [-1, 42, 4]), tf.reshape(x, [-1, 7 * 6 * 4]), tf.transpose(x, [0, 3, 1, 2]), tf.expand_dims(x, 3), tf.squeeze(x[:, :1], 1),
        tf.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]]), tf.pad(x, [[0, 0], [1, 0], [0, 1], [0, 0]], constant_values=-1.5),
        tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 0]], "REFLECT"), tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 0]], "SYMMETRIC"),
        tf.concat([x, x * 2.0], -1), tf.concat([x, x], 1), tf.stack([x, x + 1.0], 3), tf.tile(x, [1, 2, 1, 3]),
        tf.nn.space_to_depth(x[:, :6], 2), tf.nn.depth_to_space(x, 2), tf.reverse(x, [1, 2]),
        tf.broadcast_to(tf.reduce_mean(x, [1, 2], keepdims=True), tf.shape(x)),
    ]


@case()
def slicing(x):
    a, b = tf.split(x, 2, 3)
    c, d, e = tf.split(x, [1, 4, 2], 1)
    f, g = tf.unstack(x[..., :2], axis=3)
    return [
        tf.cumsum(x, 3), tf.cumsum(x, 1, exclusive=True, reverse=True), tf.cast(tf.argmax(x, -1), tf.float32),
        a, b, c, d, e, f, g, x[:, 1:5, ::2], x[:, ::-1], x[..., 2], x[:, :, -3:-1, tf.newaxis], x[:, 1::3, 4:0:-2], x[..., ::-1],
        tf.gather(x, [2, 1, 0], axis=3), tf.gather(x, [0, 1, 4, 5], axis=1), tf.gather(x, 3, axis=2), tf.slice(x, [0, 1, 0, 2], [-1, 3, -1, 2]),
    ]


@case()
def resizing(x):
    old = tf.compat.v1.image
    return [
        tf.image.resize(x, [11, 9]), tf.image.resize(x, [3, 4]), tf.image.resize(x, [14, 12], "nearest"), tf.image.resize(x, [4, 5], "nearest"),
        old.resize_bilinear(x, [11, 9], align_corners=True), old.resize_bilinear(x, [11, 9]),
        old.resize_nearest_neighbor(x, [11, 9], align_corners=True), old.resize_nearest_neighbor(x, [11, 9]),
    ]


@case()
def dilated(x):
    y = tf.space_to_batch(tf.pad(x, [[0, 0], [0, 1], [0, 0], [0, 0]]), [2, 2], [[2, 2], [2, 2]])
    return tf.batch_to_space(tf.nn.conv2d(y, normal(3, 3, 4, 5), 1, "VALID"), [2, 2], [[0, 1], [0, 0]])


@case()
def computed_shapes(x):
    """Flattening as tf.keras 2 writes it for a free batch, and sizes that follow from another tensor."""
    n, h, w = tf.shape(x)[0], tf.shape(x)[1], tf.shape(x)[2]
    y = tf.reshape(x, tf.stack([n, h * w, 4]))
    z = tf.image.resize(x[:, :4, :3], tf.shape(x)[1:3])
    return [y, z, tf.reshape(x, tf.concat([tf.shape(x)[:1], [-1]], 0)), x + tf.cast(tf.shape(x)[3], tf.float32)]


def batch_norm(x):
    r = np.random.default_rng(7)
    c = x.shape[-1]
    layer = L.BatchNormalization()
    y = layer(x)
    layer.set_weights([r.uniform(0.5, 1.5, c), r.normal(0, 0.3, c), r.normal(0, 0.3, c), r.uniform(0.5, 1.5, c)])
    return y


def network():
    """A bit of everything: folded batch norm, squeeze and excitation, a residual, a head."""
    tf.keras.utils.set_random_seed(3)
    x = tf.keras.Input((16, 16, 3), name="picture")
    y = L.ReLU(6.0, name="stem_relu")(batch_norm(L.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="stem")(x)))
    z = L.ReLU(6.0, name="depth_relu")(batch_norm(L.DepthwiseConv2D(3, padding="same", use_bias=False, name="depth")(y)))
    gate = L.Dense(8, activation="sigmoid", name="gate")(L.Dense(4, activation="relu", name="squeeze")(L.GlobalAveragePooling2D(keepdims=True, name="pool")(z)))
    z = L.Add(name="sum")([y, batch_norm(L.Conv2D(8, 1, name="project")(L.Multiply(name="scale")([z, gate])))])
    z = L.Flatten(name="flat")(L.MaxPooling2D(name="down")(z))
    return tf.keras.Model(x, L.Dense(5, activation="softmax", name="scores")(z), name="net")


@case([2, 16, 16, 3], model=True)
def folded():
    return network()


@case([2, 16, 16, 3], quantise="float16", model=True)
def float16():
    return network()


@case([2, 16, 16, 3], quantise="dynamic", model=True)
def dynamic():
    inputs = tf.keras.Input((16, 16, 3))
    y = L.Conv2D(16, 3, activation="relu")(inputs)
    y = L.DepthwiseConv2D(5, padding="same", depth_multiplier=4)(L.Conv2D(16, 3, strides=2)(y))
    return tf.keras.Model(inputs, L.Dense(64)(L.GlobalAveragePooling2D()(y)))


@case([2, 16, 16, 3], quantise="int8", model=True)
def integer():
    return network()


@case([2, 16, 16, 3], quantise="int16x8", model=True)
def integer16():
    inputs = tf.keras.Input((16, 16, 3))
    y = L.Conv2D(8, 3, strides=2, activation="relu")(inputs)
    y = L.Add()([y, L.DepthwiseConv2D(3, padding="same")(y)])
    return tf.keras.Model(inputs, L.Dense(5, activation="softmax")(L.Flatten()(L.MaxPooling2D()(y))))


@case(batch=3)
def fixed_batch(x):
    return [tf.nn.conv2d(x, normal(3, 3, 4, 5), 1, "SAME"), tf.reduce_mean(tf.nn.relu(x), [1, 2])]


@case(batch=2)
def mixed_batch(x):
    """A network that cannot take another number of pictures."""
    return [tf.nn.conv2d(x, normal(3, 3, 4, 2), 1, "SAME"), tf.reshape(tf.transpose(x, [1, 2, 3, 0]), [7, 6, 8])]


@case(X, X, flex=True, unread=True)
def opaque(x, y):
    """What is not executed: an operator outside of the reader's list, and one of TensorFlow's own."""
    return [tf.nn.relu(x), tf.nn.conv2d(tf.math.imag(tf.complex(x, y)), normal(3, 3, 4, 2), 1, "SAME"), tf.math.bincount(tf.cast(tf.abs(y), tf.int32), minlength=4, maxlength=4, dtype=tf.float32) + x]


def representative(shapes):
    r = np.random.default_rng(5)
    return lambda: ([r.normal(0, 1, [1, *shape[1:]]).astype("float32") for shape in shapes] for _ in range(40))


def converted(made, shapes, batch, quantise, settings):
    if isinstance(made, tf.keras.Model):
        converter = tf.lite.TFLiteConverter.from_keras_model(made)
    else:
        specs = [tf.TensorSpec([batch, *shape[1:]], name="x%d" % i) for i, shape in enumerate(shapes)]
        function = tf.function(made, input_signature=specs)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], made)
    if quantise:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantise == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if quantise in ("int8", "int16x8"):
        converter.representative_dataset = representative(shapes)
    if quantise == "int8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    if quantise == "int16x8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    if settings.get("flex"):
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    return converter.convert()


def record(array):
    return {"name": None, "shape": list(array.shape), "data": [float("%.7g" % v) for v in np.asarray(array, "float32").ravel()]}


def write(name, data, inputs):
    quanta = None
    outputs = interpret(dequantised(data), inputs)
    told = {"inputs": [record(a) for a in inputs], "outputs": [record(a) for a in outputs]}
    integer = interpret(data, inputs, quanta=True)
    if integer is not None:
        steps = [float(np.abs(a - b).max() / step) for a, b, step in zip((v for v, _ in integer), outputs, (s for _, s in integer))]
        told["quanta"] = [round(step, 2) for step in steps]
    with open(os.path.join(OUT, name + ".tflite"), "wb") as file:
        file.write(data)
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        json.dump(told, file, separators=(",", ":"))
    print(name, len(data), told.get("quanta", ""))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for name, (make, shapes, batch, quantise, settings) in CASES.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        made = make() if settings.get("model") else make
        data = converted(made, shapes, batch, quantise, settings)
        r = np.random.default_rng(11)
        size = lambda shape: [batch or shape[0], *shape[1:]]
        inputs = [r.normal(0, 1, size(shape)).astype("float32") for shape in shapes]
        if settings.get("unread"):  # the interpreter computes it, ConvLens does not: no numbers are needed
            with open(os.path.join(OUT, name + ".tflite"), "wb") as file:
                file.write(data)
            print(name, len(data))
            continue
        write(name, data, inputs)
