"""Hand-written tf.functions over many inputs: forward passes, one-pixel attacks, a census of filters."""

import numpy as np
import tensorflow as tf
from attacks import attack, exact_attack, scipy_attack
from census import Tally, read_pictures
from common import about, read_input, save_arrays
from tensorflow import keras


def scorer(load):
    model = load()
    model.layers[-1].activation = keras.activations.linear
    compiled = tf.function(lambda x: model(x, training=False))
    return lambda rows: compiled(tf.constant(rows)).numpy()


def forward(options, load):
    score, x = scorer(load), np.repeat(read_input(options), options.batch, 0)
    return lambda: score(x), lambda result: save_arrays(options, logits=result)


def census(options, load):
    model, layers = load(), about(options)["census"]
    several = keras.Model(model.inputs, [model.get_layer(name).output for name in layers])

    @tf.function
    def reduced(x):
        return [
            (
                tf.reduce_max(y, [1, 2]),
                tf.reduce_min(y, [1, 2]),
                tf.reduce_mean(y, [1, 2]),
                tf.reduce_mean(tf.cast(y == 0, tf.float32), [1, 2]),
            )
            for y in several(x, training=False)
        ]

    def run():
        tally = Tally()
        for rows in read_pictures(options, options.batch):
            for name, values in zip(layers, reduced(tf.constant(rows))):
                tally.add(name, *[value.numpy() for value in values])
        return tally

    return run, lambda tally: tally.save(options)


TASKS = {
    "forward": forward,
    "attack": lambda options, load: attack(options, scorer(load)),
    "attack-scipy": lambda options, load: scipy_attack(options, scorer(load)),
    "attack-exact": lambda options, load: exact_attack(options, scorer(load)),
    "census": census,
}
