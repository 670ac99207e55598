"""The network of a row in torch, and a part of it."""

import keras_net
import numpy as np
import torch
from common import read_input


def nchw(x):
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def prepared(options):
    """The network, the input as given (NHWC), and as torch takes it."""
    net = keras_net.load(options.model)
    x = read_input(options)
    return net, x, torch.from_numpy(nchw(x))


class Stop(Exception):
    pass


def stop_at(net, layer):
    """The network up to a layer: what comes after it does not run."""
    kept = {}

    def stop(_module, _inputs, value):
        kept["value"] = value
        raise Stop

    def run(x):
        hook = net.layers[layer].register_forward_hook(stop)
        try:
            net(x)
        except Stop:
            pass
        hook.remove()
        return kept.pop("value")

    return run
