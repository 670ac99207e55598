"""Writes test/models/heads: tiny networks with heads and inputs that not every network has, with what TensorFlow computes.

    python -m venv k3 && k3/bin/pip install tensorflow-cpu keras && k3/bin/python test/support/make-heads.py

Each NAME.keras has a NAME.json: inputs, the logit of each class, d logit / d picture, and Grad-CAM before ReLU at `maps`.
"""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

L = keras.layers
OUT = os.path.join(os.path.dirname(__file__), "..", "models", "heads")
SIDE = 12


def features(picture):
    x = L.Conv2D(6, 3, activation="relu", name="conv")(picture)
    x = L.MaxPooling2D(2, name="pool")(x)
    return L.Conv2D(8, 3, padding="same", activation="relu", name="maps")(x)


def plain(channels, units, activation):
    picture = keras.Input((SIDE, SIDE, channels), name="picture")
    x = L.Flatten(name="flat")(features(picture))
    return keras.Model(picture, L.Dense(units, activation=activation, name="scores")(x))


def with_facts():
    facts = keras.Input((4,), name="facts")
    picture = keras.Input((SIDE, SIDE, 3), name="picture")
    x = L.GlobalAveragePooling2D(name="pooled")(features(picture))
    x = L.Concatenate(name="joined")([x, L.Dense(3, activation="relu", name="about")(facts)])
    x = L.Dense(5, activation="tanh", name="hidden")(x)
    return keras.Model([facts, picture], L.Dense(3, activation="softmax", name="scores")(x))


MODELS = {
    "binary": lambda: plain(3, 1, "sigmoid"),
    "bare": lambda: plain(3, 4, None),
    "gray": lambda: plain(1, 3, "softmax"),
    "spectral": lambda: plain(5, 3, "softmax"),
    "facts": with_facts,
}


def compact(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{v:.8g}") for v in array.ravel()]}


def write(name, make):
    keras.utils.set_random_seed(3)
    model = make()
    rng = np.random.default_rng(11)
    model.set_weights([rng.normal(0, 0.35, w.shape).astype("float32") for w in model.get_weights()])
    model.save(os.path.join(OUT, f"{name}.keras"))
    inputs = [rng.normal(0.4, 0.5, (1, *t.shape[1:])).astype("float32") for t in model.inputs]
    at = [t.name for t in model.inputs].index("picture")
    last = model.get_layer("scores")
    last.activation = keras.activations.linear
    probe = keras.Model(model.inputs, [model.get_layer("maps").output, last(last.input)])
    fed = [tf.Variable(x) for x in inputs]
    classes = 2 if name == "binary" else last.units
    found = []
    for index in range(classes):
        sign, unit = (2 * index - 1, 0) if name == "binary" else (1, index)
        with tf.GradientTape() as tape:
            maps, scores = probe(fed if len(fed) > 1 else fed[0])
            logit = sign * scores[0, unit]
        picture, inner = tape.gradient(logit, [fed[at], maps])
        cam = tf.reduce_sum(maps * tf.reduce_mean(inner, (1, 2), keepdims=True), 3)[0]
        found.append({"logit": float(logit), "gradient": compact(picture[0]), "cam": compact(cam)})
    with open(os.path.join(OUT, f"{name}.json"), "w") as file:
        inputs = {t.name: compact(x[0]) for t, x in zip(model.inputs, inputs)}
        json.dump({"inputs": inputs, "classes": found}, file, separators=(",", ":"))
    print(name, [round(c["logit"], 3) for c in found])


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for name, make in MODELS.items():
        write(name, make)
