"""The TensorFlow peers: keras with matplotlib, tf-keras-vis, and hand-written tf.function loops."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from common import arguments, main, read_input, save_grid, save_overlay  # noqa: E402

options = arguments()  # before the slow imports, so that a wrong call is told at once
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow import keras  # noqa: E402

import tf_batches  # noqa: E402
import tf_gradients  # noqa: E402


def load():
    return keras.models.load_model(options.model, compile=False)


def filters(options):
    """The first convolution's kernels, as a figure."""

    def run():
        first = next(layer for layer in load().layers if type(layer).__name__ == "Conv2D")
        return first.get_weights()[0]

    def save(kernel):
        save_grid(kernel.transpose(3, 0, 1, 2), os.path.join(options.out, "filters.png"))
        np.save(os.path.join(options.out, "kernel.npy"), kernel)

    return run, save


def activations(options):
    """Feature maps of one layer (--layer NAME), or of every convolution, by a multi-output model."""
    model = load()
    if options.layer:
        layers = [model.get_layer(options.layer)]
    else:
        layers = [layer for layer in model.layers if "Conv2D" in type(layer).__name__]
    several = keras.Model(model.inputs, [layer.output for layer in layers])
    compiled = tf.function(lambda x: several(x, training=False))
    x = tf.constant(read_input(options))

    def run():
        values = compiled(x)
        return [value.numpy() for value in (values if isinstance(values, list) else [values])]

    def save(values):
        for layer, value in zip(layers, values):
            np.save(os.path.join(options.out, layer.name + ".npy"), value[0])
        if options.layer:
            tiles = values[0][0].transpose(2, 0, 1)
            save_grid(tiles, os.path.join(options.out, options.layer + ".png"))

    return run, save


def gradcam(options):
    """Hand-written: one tf.function from the picture to the maps before ReLU, and their heat maps; one forward pass."""
    model = load()
    model.layers[-1].activation = keras.activations.linear
    both = keras.Model(model.inputs, [model.get_layer(options.layer).output, model.output])
    x = read_input(options)
    size = x.shape[1:3]

    @tf.function
    def cams(x, indices):
        with tf.GradientTape(persistent=True) as tape:
            maps, logits = both(x, training=False)
            scores = [logits[0, indices[k]] for k in range(options.classes)]
        gradients = tf.concat([tape.gradient(score, maps) for score in scores], 0)
        alpha = tf.reduce_mean(gradients, [1, 2], keepdims=True)
        signed = tf.reduce_sum(alpha * maps, -1, keepdims=True)
        heatmaps = tf.image.resize(tf.nn.relu(signed), size)[..., 0]
        largest = tf.reduce_max(heatmaps, [1, 2], keepdims=True)
        return signed[..., 0], heatmaps / (largest + 1e-9)

    fed, indices = tf.constant(x), tf.range(options.class_index, options.class_index + options.classes)

    def run():
        return [value.numpy() for value in cams(fed, indices)]

    return run, saver(options, x)


def saver(options, x):
    def save(result):
        np.save(os.path.join(options.out, "signed.npy"), result[0])
        save_overlay(result[1][0], x[0], os.path.join(options.out, "overlay.png"))

    return save


def gradcam_tf_keras_vis(options):
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.utils.model_modifiers import ReplaceToLinear
    from tf_keras_vis.utils.scores import CategoricalScore

    x = read_input(options)
    explain = Gradcam(load(), model_modifier=ReplaceToLinear(), clone=True)
    how = {"penultimate_layer": options.layer, "seek_penultimate_conv_layer": False}
    indices = range(options.class_index, options.class_index + options.classes)

    def run():
        return [explain(CategoricalScore(k), x, **how)[0] for k in indices]

    def save(heatmaps):
        save_overlay(heatmaps[0], x[0], os.path.join(options.out, "overlay.png"))

    return run, save


def about():
    return {"versions": f"TensorFlow {tf.__version__}", "threads": os.cpu_count()}


def with_model(tasks):
    return {name: lambda options, task=task: task(options, load) for name, task in tasks.items()}


main(
    options,
    {
        "filters": filters,
        "activations": activations,
        "gradcam": gradcam,
        "gradcam-tf-keras-vis": gradcam_tf_keras_vis,
        **with_model(tf_gradients.TASKS),
        **with_model(tf_batches.TASKS),
    },
    about,
)
