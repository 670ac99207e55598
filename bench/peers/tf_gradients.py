"""Hand-written tf.function loops, and tf-keras-vis: maximisation and attributions."""

import os

import numpy as np
import tensorflow as tf
from common import about, given, read_input, save_arrays
from tensorflow import keras


def logits(model):
    model.layers[-1].activation = keras.activations.linear
    return model


def maximize(options, load):
    """Gradient ascent with a gradient of length 1: filters of a layer, or without --layer the logit of --class."""
    model, scale = logits(load()), about(options)
    low, high, rate = scale["min"], scale["max"], scale["rate"]
    if options.layer:
        network = keras.Model(model.inputs, model.get_layer(options.layer).output)
        wanted, depth = list(range(options.filters)), network.output_shape[-1]
    else:
        network, wanted, depth = model, [options.class_index], model.output_shape[-1]
    weights = tf.one_hot(wanted, depth)
    start = tf.constant(np.repeat(given(options, "start"), len(wanted), 0))

    def objective(x):
        y = network(x, training=False)
        return tf.reduce_sum((tf.reduce_mean(y, [1, 2]) if options.layer else y) * weights, -1)

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = objective(x)
        gradient = tape.gradient(value, x)
        length = tf.sqrt(tf.reduce_sum(gradient * gradient, [1, 2, 3], keepdims=True))
        return tf.clip_by_value(x + rate * gradient / (length + 1e-8), low, high)

    last = tf.function(objective)

    def run():
        x = start
        for _ in range(options.steps):
            x = step(x)
        return last(x).numpy(), x.numpy()

    def save(result):
        save_arrays(options, begun=last(start).numpy(), reached=result[0])

    return run, save


def maximize_tf_keras_vis(options, load):
    """Its own recipe: the same number of steps, another picture."""
    from tf_keras_vis.activation_maximization import ActivationMaximization
    from tf_keras_vis.utils.model_modifiers import ExtractIntermediateLayer, ReplaceToLinear
    from tf_keras_vis.utils.scores import CategoricalScore

    modifiers = [ReplaceToLinear()]
    wanted = [options.class_index]
    if options.layer:
        modifiers = [ExtractIntermediateLayer(index_or_name=options.layer)]
        wanted = list(range(options.filters))
    maximization = ActivationMaximization(load(), model_modifier=modifiers, clone=True)
    size = read_input(options).shape[1:]
    seed = tf.random.uniform((len(wanted), *size), 0, 255, seed=1)
    score = CategoricalScore(wanted)

    def run():
        return np.asarray(maximization(score, seed_input=seed, steps=options.steps))

    return run, lambda result: None


def input_gradient(options, load):
    model, index = logits(load()), options.class_index

    @tf.function
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            score = tf.reduce_sum(model(x, training=False)[:, index])
        return tape.gradient(score, x)

    return gradient


def integrated_gradients(options, load):
    gradient, x = input_gradient(options, load), read_input(options)
    black = np.broadcast_to(np.array(about(options)["black"], "float32"), x.shape)
    nodes, weights = np.polynomial.legendre.leggauss(options.steps)
    nodes, weights = ((nodes + 1) / 2).astype("float32"), (weights / 2).astype("float32")
    fed, base = tf.constant(x), tf.constant(black)

    @tf.function
    def part(at, weight):
        rows = base + tf.reshape(at, (-1, 1, 1, 1)) * (fed - base)
        return tf.reduce_sum(tf.reshape(weight, (-1, 1, 1, 1)) * gradient(rows), 0)

    def run():
        batches = range(0, options.steps, options.batch)
        parts = [part(nodes[i:][: options.batch], weights[i:][: options.batch]) for i in batches]
        return ((fed - base)[0] * tf.add_n(parts)).numpy()

    return run, lambda result: save_arrays(options, attribution=result)


def smoothgrad(options, load):
    gradient, x = input_gradient(options, load), tf.constant(read_input(options))
    noise = given(options, "noise")[: options.steps]

    @tf.function
    def part(rows):
        return tf.reduce_sum(gradient(x + rows), 0)

    def run():
        parts = [part(noise[i:][: options.batch]) for i in range(0, options.steps, options.batch)]
        return (tf.add_n(parts) / options.steps).numpy()

    return run, lambda result: save_arrays(options, attribution=result)


def smoothgrad_tf_keras_vis(options, load):
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.model_modifiers import ReplaceToLinear
    from tf_keras_vis.utils.scores import CategoricalScore

    x, score = read_input(options), CategoricalScore(options.class_index)
    explain = Saliency(load(), model_modifier=ReplaceToLinear(), clone=True)

    def run():
        return explain(score, x, smooth_samples=options.steps, smooth_noise=0.15)

    return run, lambda result: None


def score_cam(options, load):
    """Hand-written, as the paper defines it: the probability through each channel's mask, minus that of black."""
    model, x = load(), read_input(options)
    black = tf.constant(np.broadcast_to(np.array(about(options)["black"], "float32"), x.shape))
    network = keras.Model(model.inputs, model.get_layer(options.layer).output)
    size, fed = x.shape[1:3], tf.constant(x)

    @tf.function
    def maps_of(x):
        return network(x, training=False)

    @tf.function
    def part(maps):  # (N, h, w)
        masks = tf.image.resize(maps[..., None], size)
        low = tf.reduce_min(masks, [1, 2, 3], keepdims=True)
        high = tf.reduce_max(masks, [1, 2, 3], keepdims=True)
        masks = tf.math.divide_no_nan(masks - low, high - low)
        scores = model(black + masks * (fed - black), training=False)[:, options.class_index]
        return tf.where((high - low)[:, 0, 0, 0] > 1e-8, scores, before)

    before = model(black, training=False)[0, options.class_index]

    def run():
        maps = maps_of(fed)[0]
        channels = tf.transpose(maps, [2, 0, 1])
        batches = range(0, channels.shape[0], options.batch)
        scores = tf.concat([part(channels[i : i + options.batch]) for i in batches], 0)
        return tf.reduce_sum(maps * (scores - before), -1).numpy()

    return run, lambda signed: save_arrays(options, signed=signed)


TASKS = {
    "maximize": maximize,
    "maximize-tf-keras-vis": maximize_tf_keras_vis,
    "integrated-gradients": integrated_gradients,
    "smoothgrad": smoothgrad,
    "smoothgrad-tf-keras-vis": smoothgrad_tf_keras_vis,
    "score-cam": score_cam,
}
