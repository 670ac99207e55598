"""Networks with random weights and random batch-norm statistics, and what TensorFlow computes for them."""

import os
from functools import lru_cache

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf
from keras_noise import noise_of_keras

# family, rows and columns of its input
FAMILIES = [
    ("MobileNetV2", 64), ("ResNet50", 64), ("EfficientNetB0", 64), ("ConvNeXtTiny", 64), ("VGG16", 48),
    ("ResNet50V2", 64), ("DenseNet121", 64), ("InceptionV3", 80), ("InceptionResNetV2", 80), ("Xception", 80),
    ("MobileNet", 64), ("MobileNetV3Small", 64), ("MobileNetV3Large", 64), ("NASNetMobile", 64),
    ("EfficientNetV2B0", 64), ("RegNetX002", 64), ("RegNetY002", 64), ("ResNetRS50", 64),
]
QUICK = ["MobileNetV2", "ResNet50", "EfficientNetB0"]


def build(family, side, dtype="float32"):
    keras.backend.set_floatx(dtype)
    keras.backend.clear_session()
    make = getattr(keras.applications, family)
    more = {"include_preprocessing": False} if family.startswith(("MobileNetV3", "ConvNeXt")) else {}
    model = make(weights=None, classes=10, input_shape=(side, side, 3), **more)
    keras.backend.set_floatx("float32")
    return model


def values(model, seed):
    """Statistics and offsets as trained networks have them; kernels as they are initialised."""
    rng = np.random.default_rng(seed)
    out = []
    for w in model.weights:
        name, a = getattr(w, "path", w.name), np.array(w)
        if "moving_variance" in name or (name.endswith("gamma:0") or name.endswith("gamma")) and a.ndim == 1:
            a = rng.uniform(0.6, 1.4, a.shape)
        elif "moving_mean" in name or "beta" in name or "bias" in name:
            a = rng.normal(0, 0.1, a.shape)
        elif "normalization/mean" in name or "normalization/variance" in name or a.ndim == 0:
            pass
        else:
            a = a if a.ndim < 2 else rng.normal(0, np.sqrt(2 / max(1, np.prod(a.shape[:-1]))), a.shape)
            if "depthwise" in name and a.ndim == 4:
                a = rng.normal(0, np.sqrt(2 / np.prod(a.shape[:2])), a.shape)
        out.append(a)
    return out


def middle(model):
    """Two outputs in the middle that every exporter keeps: sums, joined maps, pools."""
    kinds = ("Add", "Concatenate", "MaxPooling2D", "AveragePooling2D")
    spatial = [l for l in model.layers if len(getattr(l.output, "shape", ())) == 4 and l.output.shape[1] > 1]
    found = [l for l in spatial if type(l).__name__ in kinds] or [l for l in spatial if type(l).__name__ == "Conv2D"]
    kept = [found[len(found) // 4], found[(3 * len(found)) // 4]] if len(found) > 1 else found
    return {l.name: l for l in kept}


def compute(model, layers, x, seed):
    """Output, maps and the gradient of sum(output * seed), as float64 arrays."""
    probe = keras.Model(model.inputs, [model.output] + [l.output for l in layers.values()])
    t = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y, *maps = probe(t, training=False)
        loss = tf.reduce_sum(y * tf.cast(seed, y.dtype))
    names = ["output", *("map " + name for name in layers), "gradient"]
    return {n: np.asarray(a, "float64") for n, a in zip(names, [y, *maps, tape.gradient(loss, t)])}


def moderate(model, x):
    """Logits of random networks can be large, and a softmax that is saturated has no gradient: the last kernel, of a
    Dense layer or a 1x1 convolution, is scaled."""
    head = [layer for layer in model.layers if hasattr(layer, "kernel")][-1]
    logits = keras.Model(model.inputs, head.input)(x.astype("float64"), training=False) @ np.array(head.kernel)
    kernel, *rest = head.get_weights()
    head.set_weights([kernel / np.std(logits), *rest])


class Reference:
    """A network with everything that its conversions are held against."""

    def __init__(self, family, side, seed=0):
        rng = np.random.default_rng(seed + 1)
        exact = build(family, side, "float64")
        numbers = values(exact, seed)
        exact.set_weights(numbers)
        x = rng.normal(0, 1, (2, side, side, 3)).astype("float32")
        moderate(exact, x)
        numbers = exact.get_weights()
        self.seed = rng.normal(0, 1, (2, 10)).astype("float32")
        self.model = build(family, side)
        self.model.set_weights([a.astype("float32") for a in numbers])
        layers = middle(self.model)
        single = compute(self.model, layers, x, self.seed)
        # the reference is float64 with the weights that are in the file
        exact.set_weights(self.model.get_weights())
        probed = dict(zip(layers, middle(exact).values()))
        run = lambda x: compute(exact, probed, x, self.seed)
        true = run(x.astype("float64"))
        self.noise = lru_cache(lambda: noise_of_keras(exact, run, x, single))
        self.family, self.x, self.output, self.gradient = family, x, true["output"], true["gradient"]
        self.maps = {name: true["map " + name] for name in layers}

    def case(self, kind, write, input_name, output_name, rename=lambda name: name, **more):
        """A Case of one conversion; `rename` gives a layer's name in it."""
        from case import Case

        def noise():
            known = self.noise()
            maps = {"map " + rename(n): known["map " + n] for n in self.maps}
            return {"output " + output_name: known["output"], "gradient " + input_name: known["gradient"], **maps}

        return Case(
            f"{self.family}-{kind}", kind, write, inputs={input_name: self.x},
            outputs={output_name: self.output.astype("float32")},
            maps={rename(n): m.astype("float32") for n, m in self.maps.items()},
            gradients={input_name: self.gradient.astype("float32")}, seed=self.seed, noise=noise, **more)
