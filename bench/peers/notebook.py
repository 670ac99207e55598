"""A notebook whose kernel is warm: the model is loaded, a cell is run, its figure is a PNG. Keras and matplotlib."""

import io
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from common import arguments, main, read_input, save_grid, save_overlay  # noqa: E402

options = arguments()
import tensorflow as tf  # noqa: E402
from tensorflow import keras  # noqa: E402

model = keras.models.load_model(options.model, compile=False)


def filters(options):
    layer = model.get_layer(options.layer)

    def run():
        return save_grid(layer.get_weights()[0][..., 0, :].transpose(2, 0, 1), io.BytesIO())

    return run, lambda result: None


def maps(options):
    part = keras.Model(model.inputs, model.get_layer(options.layer).output)
    compiled = tf.function(lambda x: part(x, training=False))

    def run():
        values = compiled(tf.constant(read_input(options))).numpy()
        return save_grid(values[0].transpose(2, 0, 1), io.BytesIO())

    return run, lambda result: None


def gradcam(options):
    model.layers[-1].activation = keras.activations.linear
    both = keras.Model(model.inputs, [model.get_layer(options.layer).output, model.output])

    @tf.function
    def heat(x):
        with tf.GradientTape() as tape:
            values, logits = both(x, training=False)
            score = tf.reduce_max(logits[0])
        alpha = tf.reduce_mean(tape.gradient(score, values), [1, 2], keepdims=True)
        signed = tf.reduce_sum(alpha * values, -1, keepdims=True)
        return tf.image.resize(tf.nn.relu(signed), x.shape[1:3])[0, ..., 0]

    def run():
        x = read_input(options)
        return save_overlay(heat(tf.constant(x)).numpy(), x[0], io.BytesIO())

    return run, lambda result: None


main(
    options,
    {"filters": filters, "maps": maps, "gradcam": gradcam},
    lambda: {"versions": f"TensorFlow {tf.__version__}"},
)
