"""The PyTorch peers: captum, and hand-written loops."""

import os

from common import arguments, main, read_input, save_overlay

options = arguments()
import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch.nn.functional import interpolate  # noqa: E402

import keras_net  # noqa: E402


def prepared(options):
    net = keras_net.load(options.model)
    x = read_input(options)
    return net, x, torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))


def saver(options, x):
    def save(result):
        np.save(os.path.join(options.out, "signed.npy"), result[0])
        save_overlay(result[1], x[0], os.path.join(options.out, "overlay.png"))

    return save


def finish(signed, size):
    heatmap = interpolate(signed.relu(), size=size, mode="bilinear")[0, 0]
    return signed[0, 0].numpy(), (heatmap / (heatmap.max() + 1e-9)).numpy()


def gradcam_captum(options):
    from captum.attr import LayerGradCam

    net, x, fed = prepared(options)
    explain = LayerGradCam(net, net.layers[options.layer])

    def run():
        return finish(explain.attribute(fed, target=options.class_index).detach(), x.shape[1:3])

    return run, saver(options, x)


def gradcam(options):
    """Hand-written: the graph starts at the layer."""
    net, x, fed = prepared(options)
    net.requires_grad_(False)
    kept = {}

    def keep(_module, _inputs, maps):
        kept["maps"] = maps.detach().requires_grad_(True)
        return kept["maps"]

    net.layers[options.layer].register_forward_hook(keep)

    def run():
        score = net(fed)[0, options.class_index]
        maps = kept["maps"]
        (gradient,) = torch.autograd.grad(score, maps)
        alpha = gradient.mean((2, 3), keepdim=True)
        return finish((alpha * maps).sum(1, keepdim=True).detach(), x.shape[1:3])

    return run, saver(options, x)


def activations(options):
    """Outputs of every convolution, by forward hooks."""
    net, _, fed = prepared(options)
    kept = {}

    def keep(name):
        return lambda _module, _inputs, value: kept.__setitem__(name, value.numpy().copy())

    for name in net.convolutions:
        net.layers[name].register_forward_hook(keep(name))

    def run():
        with torch.inference_mode():
            net(fed)
        return kept

    def save(values):
        for name, value in values.items():
            np.save(os.path.join(options.out, name + ".npy"), value[0].transpose(1, 2, 0))

    return run, save


def about():
    return {"versions": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads()}


main(
    options,
    {"gradcam-captum": gradcam_captum, "gradcam": gradcam, "activations": activations},
    about,
)
