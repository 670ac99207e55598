"""Writes test/models/same: networks with random weights (residual, vision transformer, hybrid; of two pictures, and saturated) in every
format that TensorFlow's tools write, and what Keras computes of each; names on the command line are those that are written.

    python -m venv tf && tf/bin/pip install -r test/conformance/environments/requirements-keras2.txt -c test/conformance/environments/constraints-keras2.txt
    tf/bin/pip install --no-deps -r test/conformance/environments/alone-keras2.txt && tf/bin/python test/support/make-token-formats.py

Each NAME.json: the input [H, W, 3], logits, `maps` of the last layer whose cells are positions behind the residual sums, Grad-CAM of each
class there before ReLU (`cam`), and `attention` of each layer and head [rows, columns, heads] with its `rollout`, as in make-tokens.py.
views.json: inputs and gradients of the first class by input, its logits, and its Grad-CAM at the layer `joined`, which sees both.
saturated.json: the input, logits, and probabilities, which a reshape follows.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "conformance", "tensorflow"))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# operations of this machine's own in files otherwise
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import convert  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx as onnx_file  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

OUT = os.path.join(HERE, "..", "models", "same")
SIDE, CLASSES, WIDTH, HEADS = 16, 3, 12, 2


def residual():
    x = inputs = keras.Input((SIDE, SIDE, 3), name="x")
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(6, 3, 2, "same", use_bias=False)(x)))
    for _ in range(2):
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(6, 3, 1, "same", use_bias=False)(x)))
        y = layers.BatchNormalization()(layers.Conv2D(6, 3, 1, "same", use_bias=False)(y))
        x = layers.Add()([x, y])
    return inputs, x, [], layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(x))


def block(x):
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y, scores = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(y, y, return_attention_scores=True)
    x = layers.Add()([x, y])
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = layers.EinsumDense("btc,cd->btd", (None, 2 * WIDTH), bias_axes="d", activation="gelu")(y)
    y = layers.EinsumDense("btd,dc->btc", (None, WIDTH), bias_axes="c")(y)
    return layers.Add()([x, y]), scores


def transformer():
    inputs = keras.Input((SIDE, SIDE, 3), name="x")
    x = layers.Reshape((16, WIDTH))(layers.Conv2D(WIDTH, 4, 4)(inputs))
    x, first = block(x)
    x, second = block(x)
    pooled = layers.LayerNormalization(epsilon=1e-6)(layers.GlobalAveragePooling1D()(x))
    return inputs, x, [first, second], layers.Dense(CLASSES)(pooled)


def hybrid():
    inputs = keras.Input((SIDE, SIDE, 3), name="x")
    x = layers.ReLU()(layers.Conv2D(WIDTH, 3, 2, "same")(inputs))
    x = layers.Reshape((16, WIDTH))(layers.Conv2D(WIDTH, 3, 2, "same")(x))
    x, scores = block(x)
    x = layers.Reshape((4, 4, WIDTH))(x)
    y = layers.Conv2D(WIDTH, 3, 1, "same")(layers.ReLU()(layers.DepthwiseConv2D(3, 1, "same")(x)))
    x = layers.Add()([x, y])
    return inputs, x, [scores], layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(x))


def compact(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{v:.7g}") for v in array.ravel()]}


def gradient_maps(model, x):
    signed = []
    for index in range(CLASSES):
        with tf.GradientTape() as tape:
            maps, _, logits = model(x)
            tape.watch(maps)
            # what is behind the maps, once more
            score = model.behind(maps)[0, index]
        gradient = tape.gradient(score, maps).numpy()
        axes = tuple(range(1, gradient.ndim - 1))
        signed.append((maps.numpy() * gradient.mean(axes, keepdims=True)).sum(-1)[0].reshape(4 if gradient.ndim == 3 else gradient.shape[1], -1))
    return signed


def record(inputs, maps, scores, logits, x):
    known = keras.Model(inputs, [maps, scores, logits])
    rest = maps
    behind_input = keras.Input(maps.shape[1:])
    own = keras.Model(inputs, logits)
    following = own.layers[[layer.output is maps for layer in own.layers].index(True) + 1 :]
    rest = behind_input
    for layer in following:
        rest = layer(rest)
    known.behind = keras.Model(behind_input, rest)
    values, attention, out = known(x)
    side = int(round(values.shape[1] ** 0.5)) if len(values.shape) == 3 else values.shape[1]
    found = {
        "input": compact(x[0]),
        "logits": compact(out[0]),
        "maps": compact(values.numpy()[0].reshape(side, side, -1)),
        "cam": compact(np.stack(gradient_maps(known, x))),
    }
    if attention:
        rolled = np.eye(16)
        for matrix in attention:
            rolled = (matrix.numpy()[0].mean(0) + np.eye(16)) / 2 @ rolled
        found["attention"] = [compact(m.numpy()[0].mean(1).reshape(-1, 4, 4).transpose(1, 2, 0)) for m in attention]
        found["rollout"] = compact(rolled.mean(0).reshape(4, 4))
    return found


def lite(model, file):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    with open(file, "wb") as out:
        out.write(converter.convert())


def onnx(model, folder, file):
    saved = os.path.join(folder, "onnx")
    tf.saved_model.save(model, saved)
    command = [sys.executable, "-m", "tf2onnx.convert", "--saved-model", saved, "--output", file, "--opset", "17"]
    subprocess.run(command, check=True, capture_output=True)
    converted = onnx_file.load(file)
    converted.graph.doc_string = ""  # names a folder of this machine
    onnx_file.save(converted, file)


def exported(model, folder):
    model.export(os.path.join(folder, "model"))
    return "model"


def views():
    """A picture and its depth, each through a convolution of its own, then one over both."""
    left, depth = keras.Input((SIDE, SIDE, 3), name="left"), keras.Input((SIDE, SIDE, 1), name="depth")
    each = [layers.Conv2D(n, 3, 2, "same", activation="relu")(x) for n, x in ((4, left), (2, depth))]
    maps = layers.Conv2D(5, 3, 1, "same", activation="relu", name="joined")(layers.Concatenate()(each))
    return [left, depth], maps, layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(maps))


def saturated():
    x = inputs = keras.Input((SIDE, SIDE, 3), name="x")
    maps = layers.Conv2D(6, 3, 2, "same", activation="relu", name="joined")(x)
    x = layers.Rescaling(200.0)(layers.GlobalAveragePooling2D()(maps))
    logits = layers.Dense(CLASSES)(x)
    return inputs, maps, logits, layers.Reshape((1, CLASSES))(layers.Softmax()(logits))


def write_views():
    inputs, maps, logits = seeded(views)
    model = keras.Model(inputs, logits, name="views")
    x = numbers_of(model, inputs)
    probe = keras.Model(inputs, [maps, logits])
    fed = [tf.Variable(value) for value in x]
    with tf.GradientTape() as tape:
        values, out = probe(fed)
        score = out[0, 0]
    *gradients, inner = tape.gradient(score, [*fed, values])
    cam = tf.reduce_sum(values * tf.reduce_mean(inner, (1, 2), keepdims=True), 3)[0]
    told = {name: {"input": compact(x[i][0]), "gradient": compact(gradients[i][0])} for i, name in enumerate(["left", "depth"])}
    record_as("views", {"inputs": told, "logits": compact(out[0]), "cam": compact(cam)})
    write_formats(model, "views")


def write_saturated():
    inputs, maps, logits, out = seeded(saturated)
    model = keras.Model(inputs, out, name="saturated")
    (x,) = numbers_of(model, [inputs])
    found = keras.Model(inputs, [logits, out])(x)
    record_as("saturated", {"input": compact(x[0]), "logits": compact(found[0][0]), "probabilities": compact(found[1][0, 0])})
    write_formats(model, "saturated")


def seeded(make):
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    return make()


def numbers_of(model, inputs):
    """Random weights, and pictures."""
    generator = np.random.default_rng(7)
    for weight in model.weights:
        weight.assign(generator.normal(0, 0.3, weight.shape.as_list()).round(3))
    return [generator.normal(size=(1, *x.shape[1:])).round(2).astype("float32") for x in inputs]


def record_as(name, found):
    with open(os.path.join(OUT, f"{name}.json"), "w") as file:
        json.dump(found, file, separators=(",", ":"))
        file.write("\n")


def write(name, make):
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    inputs, maps, scores, logits = make()
    model = keras.Model(inputs, logits, name=name)
    generator = np.random.default_rng(7)
    for weight in model.weights:
        shape = weight.shape.as_list()
        positive = "variance" in weight.name or "gamma" in weight.name
        weight.assign(generator.uniform(0.5, 1.5, shape) if positive else generator.normal(0, 0.3, shape))
    x = generator.normal(size=(1, SIDE, SIDE, 3)).round(2).astype("float32")
    record_as(name, record(inputs, maps, scores, logits, x))
    write_formats(model, name)


def write_formats(model, name):
    at = lambda ending: os.path.join(OUT, f"{name}{ending}")
    model.save(at(".keras"))
    model.save(at(".h5"))
    lite(model, at(".tflite"))
    with tempfile.TemporaryDirectory() as folder:
        onnx(model, folder, at(".onnx"))
        if len(model.inputs) == 1:
            shutil.move(os.path.join(folder, convert.frozen(model, folder)), at(".pb"))
        for make_folder, ending in ((exported, "_saved"), (convert.tfjs_graph, "_tfjs_graph"), (convert.tfjs_layers, "_tfjs_layers")):
            shutil.rmtree(at(ending), ignore_errors=True)
            shutil.move(os.path.join(folder, make_folder(model, folder)), at(ending))
    os.remove(os.path.join(at("_saved"), "fingerprint.pb"))  # nothing reads it


os.makedirs(OUT, exist_ok=True)
WRITERS = {
    **{own.__name__: lambda own=own: write(own.__name__, own) for own in (residual, transformer, hybrid)},
    "views": write_views,
    "saturated": write_saturated,
}
for wanted in sys.argv[1:] or WRITERS:
    WRITERS[wanted]()
