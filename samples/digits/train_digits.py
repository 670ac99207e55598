"""Trains a small convolutional network on scikit-learn's handwritten digits and keeps every epoch's checkpoint.

    pip install keras tensorflow scikit-learn
    python train_digits.py

The 8 x 8 gray digits become 32 x 32 RGB pictures in two random colours, so that the first layer has colour to learn.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent
EPOCHS = 12
SEED = 7


def load_pictures():
    """Returns pictures [n, 32, 32, 3] in 0..1 and their labels."""
    digits = load_digits()
    random = np.random.default_rng(SEED)
    ink = keras.ops.image.resize(digits.images[..., None] / 16.0, (32, 32), interpolation="bilinear")
    ink = np.asarray(ink)
    foreground = random.uniform(0.5, 1.0, (len(ink), 1, 1, 3))
    background = random.uniform(0.0, 0.4, (len(ink), 1, 1, 3))
    pictures = ink * foreground + (1 - ink) * background
    return pictures.astype("float32"), digits.target


def build_model():
    return keras.Sequential(
        [
            layers.Input((32, 32, 3), name="image"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="conv3"),
            layers.MaxPooling2D(2, name="pool3"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", name="dense1"),
            layers.Dense(10, activation="softmax", name="predictions"),
        ],
        name="small_cnn",
    )


def kill_some_filters(model):
    """A bias of -20 lets a ReLU never open: dead filters to be found in the panels."""
    for name, filters in {"conv1": [3, 11], "conv2": [5, 17, 30], "conv3": [0, 40]}.items():
        kernel, bias = model.get_layer(name).get_weights()
        bias[filters] = -20
        model.get_layer(name).set_weights([kernel, bias])


def main():
    keras.utils.set_random_seed(SEED)
    pictures, labels = load_pictures()
    x_train, x_test, y_train, y_test = train_test_split(
        pictures, labels, test_size=300, stratify=labels, random_state=SEED
    )
    model = build_model()
    kill_some_filters(model)
    model.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    checkpoints = HERE / "checkpoints"
    checkpoints.mkdir(exist_ok=True)
    model.save(checkpoints / "epoch_00.h5")
    model.fit(
        x_train,
        y_train,
        batch_size=64,
        epochs=EPOCHS,
        validation_data=(x_test, y_test),
        callbacks=[keras.callbacks.ModelCheckpoint(str(checkpoints / "epoch_{epoch:02d}.h5"))],
    )
    model.save(HERE / "digits.h5")


if __name__ == "__main__":
    main()
