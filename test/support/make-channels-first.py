"""Writes test/models/channels-first: one network with channels first in every format that keeps them so, and the same weights with channels last.
Environment: as make-token-formats.py."""

import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "conformance", "tensorflow"))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import convert  # noqa: E402
import keras  # noqa: E402
from keras import layers as L  # noqa: E402

OUT = os.path.join(HERE, "..", "models", "channels-first")


def network(order):
    first = order == "channels_first"
    keras.utils.set_random_seed(3)
    x = inputs = keras.Input((3, 20, 14) if first else (20, 14, 3), name="x")
    x = L.ReLU()(L.BatchNormalization(axis=1 if first else -1)(L.Conv2D(5, 3, 2, "same", data_format=order)(x)))
    x = L.Add()([x, L.Conv2D(5, 3, 1, "same", data_format=order)(x)])
    return keras.Model(inputs, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D(data_format=order)(x)))


first, last = network("channels_first"), network("channels_last")
last.set_weights(first.get_weights())
os.makedirs(OUT, exist_ok=True)
last.save(os.path.join(OUT, "last.keras"))
first.save(os.path.join(OUT, "first.keras"))
first.save(os.path.join(OUT, "first.h5"))
first.export(os.path.join(OUT, "first_saved"))
for make, ending in ((convert.tfjs_graph, "graph"), (convert.tfjs_layers, "layers")):
    folder, target = tempfile.mkdtemp(), os.path.join(OUT, f"first_tfjs_{ending}")
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(os.path.join(folder, make(first, folder)), target)
