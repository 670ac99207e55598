"""The PyTorch peers: captum, pytorch-grad-cam, lucent, and hand-written loops."""

import os
import warnings

from common import arguments, main, save_overlay

options = arguments()
warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch.nn.functional import interpolate  # noqa: E402

import torch_batches  # noqa: E402
import torch_gradients  # noqa: E402
from torch_network import prepared  # noqa: E402

CLASSES = range(options.class_index, options.class_index + options.classes)


def saver(options, x):
    def save(result):
        np.save(os.path.join(options.out, "signed.npy"), result[0])
        save_overlay(result[1][0], x[0], os.path.join(options.out, "overlay.png"))

    return save


def finish(signed, size):
    heatmaps = interpolate(signed.relu(), size=size, mode="bilinear")[:, 0]
    heatmaps /= heatmaps.amax((1, 2), keepdim=True) + 1e-9
    return signed[:, 0].numpy(), heatmaps.numpy()


def gradcam_captum(options):
    from captum.attr import LayerGradCam

    net, x, fed = prepared(options)
    explain = LayerGradCam(net, net.layers[options.layer])

    def run():
        signed = [explain.attribute(fed, target=k).detach() for k in CLASSES]
        return finish(torch.cat(signed), x.shape[1:3])

    return run, saver(options, x)


def gradcam_grad_cam(options):
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    net, x, fed = prepared(options)
    explain = GradCAM(model=net, target_layers=[net.layers[options.layer]])

    def run():
        return [explain(input_tensor=fed, targets=[ClassifierOutputTarget(k)])[0] for k in CLASSES]

    def save(heatmaps):
        save_overlay(heatmaps[0], x[0], os.path.join(options.out, "overlay.png"))

    return run, save


def gradcam(options):
    """Hand-written: the graph starts at the layer; one forward pass."""
    net, x, fed = prepared(options)
    net.requires_grad_(False)
    kept = {}

    def keep(_module, _inputs, maps):
        kept["maps"] = maps.detach().requires_grad_(True)
        return kept["maps"]

    net.layers[options.layer].register_forward_hook(keep)

    def run():
        scores = net(fed)[0]
        maps = kept["maps"]
        parts = [torch.autograd.grad(scores[k], maps, retain_graph=True)[0] for k in CLASSES]
        alpha = torch.cat(parts).mean((2, 3), keepdim=True)
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
    {
        "gradcam-captum": gradcam_captum,
        "gradcam-grad-cam": gradcam_grad_cam,
        "gradcam": gradcam,
        "activations": activations,
        **torch_gradients.TASKS,
        **torch_batches.TASKS,
    },
    about,
)
