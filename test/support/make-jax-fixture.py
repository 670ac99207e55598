"""Writes test/models/jax/jax.keras, a network of Keras 3 with the JAX backend, and what JAX computes. Keras 3 and jax."""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"

import keras  # noqa: E402
import numpy as np  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "jax"


def main():
    keras.utils.set_random_seed(0)
    layers = keras.layers
    x = picture = keras.Input((12, 10, 3))
    x = layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = y = layers.ReLU()(x)
    x = layers.SeparableConv2D(6, 3, padding="same", activation="gelu")(x)
    x = layers.Add()([x, y])
    x = layers.MaxPooling2D(2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(picture, layers.Dense(4, activation="softmax")(x))
    random = np.random.default_rng(0)
    model.set_weights([random.uniform(0.5, 1.5, w.shape) if w.ndim == 1 else random.normal(0, 0.4, w.shape) for w in model.get_weights()])
    model.save(HERE / "jax.keras")
    given = random.normal(size=(2, 12, 10, 3)).astype(np.float32)
    rounded = lambda a: {"shape": list(a.shape), "data": [float(f"{v:.7g}") for v in a.reshape(-1).tolist()]}
    told = {"backend": keras.backend.backend(), "input": rounded(given), "output": rounded(np.asarray(model(given)))}
    (HERE / "jax.json").write_text(json.dumps(told) + "\n")


main()
