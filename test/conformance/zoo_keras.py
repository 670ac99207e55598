"""keras.applications with random weights and random batch-norm statistics: outputs, two feature maps and the input's gradient.

The same file serves Keras 2 and Keras 3. What float32 may lose is told by a float64 twin with the same weights (lib/keras_noise.py).
"""

import os
import sys
from functools import lru_cache

import numpy as np
import tensorflow as tf
from case import Case, arguments, serve
from keras_noise import noise_of_keras

try:
    import keras
except ImportError:
    from tensorflow import keras
K3 = int(keras.__version__.split(".")[0]) >= 3
A, L = keras.applications, keras.layers

# name, its smallest sensible input, arguments
FAMILIES = [
    ("VGG16", 32), ("VGG19", 32), ("ResNet50", 48), ("ResNet101", 32), ("ResNet152", 32), ("ResNet50V2", 48), ("ResNet101V2", 32),
    ("ResNet152V2", 32), ("DenseNet121", 48), ("DenseNet169", 32), ("DenseNet201", 32), ("InceptionV3", 79), ("InceptionResNetV2", 79),
    ("Xception", 71), ("MobileNet", 48), ("MobileNetV2", 48), ("MobileNetV3Small", 48), ("MobileNetV3Large", 48), ("NASNetMobile", 48),
    ("EfficientNetB0", 48), ("EfficientNetB1", 37), ("EfficientNetB4", 32), ("EfficientNetV2B0", 48), ("EfficientNetV2S", 32),
    ("ConvNeXtTiny", 48), ("ConvNeXtSmall", 32),
]
QUICK = ("VGG16", "ResNet50V2", "MobileNetV3Small", "EfficientNetB0", "ConvNeXtTiny")
OWN_SCALING = ("EfficientNet", "ConvNeXt", "MobileNetV3")  # these take 0..255 and scale it themselves


def randomise(model, seed):
    """Statistics of batch norms as a trained network has them; scales of residual branches that let them through."""
    r = np.random.default_rng(seed)

    def visit(layer):
        for inner in getattr(layer, "layers", []):
            visit(inner)
        name = type(layer).__name__
        weights = layer.get_weights() if not hasattr(layer, "layers") else []
        if name == "BatchNormalization":
            shape = weights[0].shape
            made = ([r.uniform(0.6, 1.4, shape)] if layer.scale else []) + ([r.normal(0, 0.2, shape)] if layer.center else [])
            layer.set_weights(made + [r.normal(0, 0.2, shape), r.uniform(0.5, 1.5, shape)])
        elif name == "LayerScale":
            layer.set_weights([r.uniform(0.1, 0.5, weights[0].shape)])
        elif name == "LayerNormalization":
            layer.set_weights([r.uniform(0.6, 1.4, w.shape) if i == 0 else r.normal(0, 0.2, w.shape) for i, w in enumerate(weights)])
        elif weights and name not in ("Normalization",) and weights[-1].ndim == 1:
            layer.set_weights(weights[:-1] + [r.normal(0, 0.1, weights[-1].shape)])

    visit(model)
    return model


def feature_maps(model):
    """Two layers with positions, at a third and at two thirds of the way."""
    named = [l for l in model.layers if not isinstance(l.output, (list, tuple)) and len(l.output.shape) == 4 and l.output.shape[1] > 1]
    named = [l for l in named if type(l).__name__ != "InputLayer" and not hasattr(l, "layers")]
    return [named[len(named) // 3], named[2 * len(named) // 3]] if len(named) > 2 else named


def measured(model, x, seed):
    """Output, maps and the gradient of sum(output * seed), by what Case calls them."""
    layers = feature_maps(model)
    whole = keras.Model(model.inputs, list(model.outputs) + [layer.output for layer in layers])
    value = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(value)
        results = whole(value, training=False)
        results = results if isinstance(results, (list, tuple)) else [results]
        total = tf.reduce_sum(results[0] * tf.cast(seed, results[0].dtype))
    names = ["output 0"] + ["map " + layer.name for layer in layers] + ["gradient 0"]
    return dict(zip(names, map(np.asarray, [*results, tape.gradient(total, value)])))


def compared(build, x, seed):
    """(model, arrays, noise): what the float32 model computes, and how far float32 may be from its float64 twin (lib/keras_noise.py)."""
    keras.backend.clear_session()
    keras.backend.set_floatx("float32")
    model = build()
    single = measured(model, x, seed)
    weights = model.get_weights()

    @lru_cache
    def noise():
        keras.backend.clear_session()
        keras.backend.set_floatx("float64")
        try:
            twin = build()
            twin.set_weights(weights)
            return noise_of_keras(twin, lambda x: measured(twin, x, seed), x, single)
        finally:
            keras.backend.set_floatx("float32")

    return model, single, noise


def saved(model, kind):
    def write(folder):
        path = os.path.join(folder, "model" + kind)
        model.save(path)
        return "model" + kind

    return write


def both(name, group, build, size, scale=1.0):
    r = np.random.default_rng(len(name))
    x = (r.uniform(0, 1, (2, size, size, 3)) * scale).astype("float32")
    keras.utils.set_random_seed(1)
    seed = r.normal(0, 1, (2, 10)).astype("float32")
    model, arrays, noise = compared(build, x, seed)
    maps = {what[4:]: array for what, array in arrays.items() if what.startswith("map ")}
    for kind in (".h5", ".keras"):
        yield Case(name + kind, group + " " + kind, saved(model, kind), inputs=[x], outputs=[arrays["output 0"]], maps=maps,
                   gradients={None: arrays["gradient 0"]}, seed=seed, noise=noise)


def application(name, size):
    make = getattr(A, name)
    return lambda: randomise(make(weights=None, input_shape=(size, size, 3), classes=10, classifier_activation=None), 5)


def augmented():
    """A pretrained backbone as people use it: augmentation and scaling in front, a head behind."""
    x = keras.Input((48, 48, 3))
    augment = keras.Sequential([L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomZoom(0.1)], name="augment")
    # Keras 2 cannot build these in float64; they do nothing here
    y = L.Rescaling(1 / 127.5, offset=-1)(x if keras.backend.floatx() == "float64" else augment(x))
    y = A.MobileNetV2(weights=None, include_top=False, input_shape=(48, 48, 3), alpha=0.35)(y)
    y = L.Dropout(0.2)(L.GlobalAveragePooling2D()(y))
    return randomise(keras.Model(x, L.Dense(10)(y)), 6)


def nested():
    """A model in a model in a Sequential."""
    inner_in = keras.Input((48, 48, 3))
    y = L.Conv2D(8, 3, padding="same", name="inner_conv")(inner_in)
    y = L.ReLU(name="inner_relu")(L.BatchNormalization(name="inner_bn")(y))
    inner = keras.Model(inner_in, y, name="inner")
    middle = keras.Sequential([keras.Input((48, 48, 3)), inner, L.MaxPooling2D(), L.SeparableConv2D(12, 3, activation="relu", name="middle_conv")], name="middle")
    return randomise(keras.Sequential([keras.Input((48, 48, 3)), middle, L.Flatten(), L.Dense(10)]), 7)


def op_layers():
    """Arithmetic between layers, as preprocess_input and hand-written attention leave it."""
    x = keras.Input((48, 48, 3))
    if K3:
        from keras import ops
        y = ops.subtract(ops.multiply(x, 1 / 127.5), 1.0)
        y = L.Conv2D(8, 3, strides=2)(y)
        y = y * ops.sigmoid(ops.mean(y, axis=[1, 2], keepdims=True)) + ops.relu(y)[:, :, :, :8]
        y = ops.concatenate([ops.max(y, axis=-1, keepdims=True), y], axis=-1)
    else:
        y = tf.keras.applications.mobilenet_v2.preprocess_input(x)
        y = L.Conv2D(8, 3, strides=2)(y)
        y = y * tf.sigmoid(tf.reduce_mean(y, axis=[1, 2], keepdims=True)) + tf.nn.relu(y)[:, :, :, :8]
        y = tf.concat([tf.reduce_max(y, axis=-1, keepdims=True), y], axis=-1)
    return keras.Model(x, L.Dense(10)(L.Flatten()(L.Conv2D(4, 3, strides=2, activation="relu")(y))))


def counted(model, known):
    uses, names = {}, {}
    for layer in model.layers:
        base = {"Conv2D": "conv2d", "DepthwiseConv2D": "depthwise_conv2d"}.get(type(layer).__name__)
        if base:
            n = uses[base] = uses.get(base, -1) + 1
            names[layer.name] = base if n == 0 else "%s_%d" % (base, n)
    return {(names[layer], parameter): value for (layer, parameter), value in known.items()}


def weights_only():
    keras.backend.clear_session()
    for name, size in (("MobileNet", 48), ("DenseNet121", 32)):
        model = application(name, size)()
        known = {}
        for layer in model.layers:
            if type(layer).__name__ in ("Conv2D", "DepthwiseConv2D"):
                known[(layer.name, "depthwise_kernel" if "Depthwise" in type(layer).__name__ else "kernel")] = np.asarray(layer.get_weights()[0])
        for kind in (".weights.h5",) if K3 else (".weights.h5", "_legacy.h5"):
            # Keras 2 only counts the layers of each class in .weights.h5
            wanted = known if K3 or kind != ".weights.h5" else counted(model, known)
            def write(folder, model=model, kind=kind):
                model.save_weights(os.path.join(folder, "model" + kind))
                return "model" + kind
            yield Case(name + kind, "weights alone", write, weights=wanted)


def cases():
    quick, only = arguments()
    for name, size in FAMILIES:
        if (quick and name not in QUICK) or not any(only in name + kind for kind in (".h5", ".keras")):
            continue
        yield from both(name, "keras.applications", application(name, size), size, 255.0 if name.startswith(OWN_SCALING) else 1.0)
    for build in (augmented, nested, op_layers):
        if any(only in build.__name__ + kind for kind in (".h5", ".keras")):
            yield from both(build.__name__, "around them", build, 48, 255.0 if build is augmented else 1.0)
    if only in "MobileNet.weights.h5 DenseNet121.weights.h5 _legacy.h5" or not only:
        yield from weights_only()


if __name__ == "__main__":
    serve(cases())
