"""Files of PyTorch that hold their own structure: TorchScript, traced and scripted.

Outputs, two feature maps and the gradient to the input are PyTorch's in float32; what float32 may lose is told with each
(lib/noise.py).
"""

import functools
import logging
import os
import warnings

import segmentation_models_pytorch as smp
import timm
import torch
import torchvision

from case import arguments, serve
from torch_model import case_of, randomise

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)

TRACED = {
    "torchvision:resnet18": 64, "torchvision:mobilenet_v3_small": 64, "torchvision:densenet121": 64,
    "torchvision:shufflenet_v2_x0_5": 64, "torchvision:regnet_y_400mf": 64, "torchvision:convnext_tiny": 64,
    "torchvision:squeezenet1_1": 64, "torchvision:vit_b_16": 224, "timm:resnetv2_50": 64, "timm:ghostnet_050": 64,
    "timm:efficientnet_lite0": 64, "timm:deit_tiny_patch16_224": 224, "smp:Unet": 64, "smp:FPN": 64,
}  # fmt: skip
SCRIPTED = {
    "torchvision:resnet18": 64, "torchvision:mobilenet_v3_small": 64, "torchvision:densenet121": 64,
    "torchvision:shufflenet_v2_x0_5": 64, "torchvision:efficientnet_b0": 64, "torchvision:googlenet": 64,
    "torchvision:mnasnet0_5": 64, "torchvision:vit_b_16": 224, "torchvision:swin_t": 64, "timm:resnet26d": 64,
    "timm:mobilenetv3_small_050": 64, "timm:convnext_atto": 64, "smp:Unet": 64,
}  # fmt: skip
QUICK = ["traced.torchvision.resnet18", "scripted.torchvision.mobilenet_v3_small"]


def build(name):
    torch.manual_seed(0)
    library, _, own = name.partition(":")
    if library == "timm":
        model = timm.create_model(own, num_classes=10)
    elif library == "smp":
        model = getattr(smp, own)("resnet18", encoder_weights=None, classes=3)
    elif own in ("googlenet", "inception_v3"):
        model = getattr(torchvision.models, own)(weights=None, init_weights=False, aux_logits=False, num_classes=10)
    else:
        model = getattr(torchvision.models, own)(weights=None, num_classes=10)
    return randomise(model)


def chosen_maps(model):
    """Two convolutions at a third and two thirds of the way."""
    names = [n for n, m in model.named_modules() if type(m) is torch.nn.Conv2d]
    return [names[len(names) // 3], names[2 * len(names) // 3]] if len(names) > 2 else names


def saved(how, model, side):
    def write(folder):
        path = os.path.join(folder, "model.pt")
        x = torch.zeros(1, 3, side, side)
        program = torch.jit.trace(model, x, check_trace=False) if how == "traced" else torch.jit.script(model)
        program.save(path)
        return "model.pt"

    return write


def make(how, name, side):
    model = build(name)
    own = f"{how}.{name.replace(':', '.')}"
    return case_of(own, how, functools.partial(build, name), saved(how, model, side), [3, side, side], chosen_maps(model), size=(side, side))


def cases():
    quick, only = arguments()
    for how, table in (("traced", TRACED), ("scripted", SCRIPTED)):
        for name, side in table.items():
            own = f"{how}.{name.replace(':', '.')}"
            if only in own and (not quick or own in QUICK):
                yield make(how, name, side)


serve(cases())
