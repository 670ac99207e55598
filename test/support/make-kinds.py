"""Writes three tiny networks to test/golden/data/targets, whose outputs are labels, one value, and numbers of which nothing tells what they are.

    python -m venv k2 && k2/bin/pip install "tensorflow-cpu==2.15.*" && k2/bin/python test/support/make-kinds.py
"""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

L = keras.layers
OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "targets")
HEADS = {
    "labels": lambda x: L.Dense(5, activation="sigmoid", name="labels")(L.Flatten(name="flat")(x)),
    "value": lambda x: L.Dense(1, name="value")(L.Flatten(name="flat")(x)),
    "numbers": lambda x: L.Reshape((3, 4, 5), name="numbers")(L.Dense(60, name="dense")(L.GlobalAveragePooling2D(name="pooled")(x))),
}

for name, head in HEADS.items():
    picture = keras.Input((16, 16, 3), name="picture")
    x = L.Conv2D(6, 3, activation="relu", name="conv")(picture)
    x = L.MaxPooling2D(2, name="pool")(x)
    x = L.Conv2D(8, 3, padding="same", activation="relu", name="maps")(x)
    model = keras.Model(picture, head(x))
    rng = np.random.default_rng(7)
    model.set_weights([rng.normal(0, 0.25, w.shape).astype("float32") for w in model.get_weights()])
    model.save(os.path.join(OUT, f"{name}.h5"), include_optimizer=False)
