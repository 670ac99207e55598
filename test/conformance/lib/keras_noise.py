"""How far the float32 of a Keras network may be off (see noise.py)."""

import numpy as np
from noise import noise_of, roundings


def rounded_weights(model, rounding):
    """Kernels are (positions, inputs, outputs), depthwise ones (positions, channels, multiples)."""
    depthwise = set()
    for layer in model._flatten_layers():
        kind = type(layer).__name__
        if "DepthwiseConv" in kind:
            depthwise.update(map(id, layer.weights))
        elif "SeparableConv" in kind:
            depthwise.add(id(layer.depthwise_kernel))

    def one(weight):
        array = np.array(weight)
        terms = np.prod(array.shape[: -2 if id(weight) in depthwise else -1])
        return rounding(array, terms) if array.dtype.kind == "f" else array

    return [one(weight) for weight in model.weights]


def noise_of_keras(twin, compute, x, single):
    """
    How far float32 may be from what the float64 `twin` computes (`compute(x)`): the library's own (`single`), and other orders of
    summation. The twin ends with its own weights again.
    """
    weights, x = twin.get_weights(), x.astype("float64")
    exact, others = compute(x), [single]
    for rounding in roundings():
        twin.set_weights(rounded_weights(twin, rounding))
        others.append(compute(rounding(x)))
        twin.set_weights(weights)
    return noise_of(exact, others)
