"""Writes test/models/relevance and test/golden/data/relevance: networks of PyTorch with random weights, and the relevances that zennit finds.

    python -m venv v && v/bin/pip install torch torchvision timm onnx zennit && v/bin/python test/support/make-relevance.py [FOLDER]

Thin copies of VGG11 (with and without batch normalization), ResNet18 and EfficientNet-Lite0. Each NAME.onnx has a NAME.npz: the input
`x` [1, C, H, W], the logits, and of one class the relevance [1, C, H, W] by each rule, where the class' output has its logit as
relevance. With `--full` and a FOLDER the networks have their usual widths.
"""

import argparse
import copy
import os
import warnings

import numpy as np
import timm
import torch
import torchvision
from zennit.attribution import Gradient
from zennit.canonizers import AttributeCanonizer, CompositeCanonizer, SequentialMergeBatchNorm
from zennit.composites import EpsilonGammaBox, EpsilonPlus, LayerMapComposite, layer_map_base
from zennit.layer import Sum
from zennit.rules import Epsilon, Gamma, ZPlus
from zennit.torchvision import ResNetCanonizer
from zennit.types import Convolution

warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
CLASS = 3


class LiteCanonizer(CompositeCanonizer):
    """Batch normalization into convolutions, and the residual sums of timm's inverted residuals as layers."""

    def __init__(self):
        super().__init__((SequentialMergeBatchNorm(), AttributeCanonizer(self.sums)))

    @staticmethod
    def sums(_name, module):
        if not isinstance(module, timm.models._efficientnet_blocks.InvertedResidual) or not module.has_skip:
            return None
        return {"forward": LiteCanonizer.forward.__get__(module), "canonizer_sum": Sum()}

    @staticmethod
    def forward(self, x):
        y = self.bn3(self.conv_pwl(self.aa(self.se(self.bn2(self.conv_dw(self.bn1(self.conv_pw(x))))))))
        return self.canonizer_sum(torch.stack([y, x], dim=-1))


def vgg(normed, full):
    if full:
        return (torchvision.models.vgg11_bn if normed else torchvision.models.vgg11)(num_classes=10)
    features = torchvision.models.vgg.make_layers([4, "M", 8, "M", 8, 8, "M", 12, 12, "M", 12, 12, "M"], batch_norm=normed)
    net = torchvision.models.VGG(features, num_classes=10)
    net.avgpool = torch.nn.AdaptiveAvgPool2d(1)
    net.classifier = torch.nn.Sequential(torch.nn.Linear(12, 16), torch.nn.ReLU(), torch.nn.Linear(16, 10))
    return net


def resnet(full):
    if full:
        return torchvision.models.resnet18(num_classes=10)
    net = torchvision.models.ResNet(torchvision.models.resnet.BasicBlock, [1, 1, 1, 1], num_classes=10)
    # ResNet's widths are written in its code: thin copies of its convolutions and normalizations
    return thinner(net, 8)


def thinner(net, times):
    for parent in list(net.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, torch.nn.Conv2d):
                inputs = child.in_channels if child.in_channels == 3 else child.in_channels // times
                groups = child.groups if child.groups == 1 else inputs
                made = torch.nn.Conv2d(inputs, child.out_channels // times, child.kernel_size, child.stride, child.padding, child.dilation, groups, child.bias is not None)
                setattr(parent, name, made)
            elif isinstance(child, torch.nn.BatchNorm2d):
                setattr(parent, name, torch.nn.BatchNorm2d(child.num_features // times))
            elif isinstance(child, torch.nn.Linear):
                setattr(parent, name, torch.nn.Linear(child.in_features // times, child.out_features))
    return net


def lite(full):
    # timm has a normalization and its activation in one module, which zennit would pass as a whole
    net = timm.models.efficientnet._gen_efficientnet_lite("efficientnet_lite0", **({} if full else {"channel_multiplier": 0.25, "depth_multiplier": 0.5}), num_classes=10)
    for parent in list(net.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, timm.layers.BatchNormAct2d):
                setattr(parent, name, torch.nn.Sequential(torch.nn.BatchNorm2d(child.num_features, eps=child.eps), child.act))
    return net


NETWORKS = {
    "vgg11": (lambda full: vgg(False, full), lambda: None),
    "vgg11_bn": (lambda full: vgg(True, full), SequentialMergeBatchNorm),
    "resnet18": (resnet, ResNetCanonizer),
    "lite0": (lite, LiteCanonizer),
}


def composites(canonizer, low, high):
    canonizers = [] if canonizer is None else [canonizer]
    base = layer_map_base()
    every = lambda rule: LayerMapComposite(base + [(Convolution, rule), (torch.nn.Linear, rule)], canonizers=canonizers)
    return {
        "lrp-0": every(Epsilon(epsilon=1e-12)),
        "lrp-epsilon": every(Epsilon(epsilon=1e-6)),
        "lrp-gamma": every(Gamma(gamma=0.25)),
        "lrp-z-plus": every(ZPlus()),
        "lrp-epsilon-plus": EpsilonPlus(canonizers=canonizers),
        "lrp-epsilon-gamma-box": EpsilonGammaBox(low=low, high=high, canonizers=canonizers),
    }


def relevances(net, composite, x):
    with Gradient(model=net, composite=composite) as attributor:
        return attributor(x, lambda output: output * torch.eye(10, dtype=x.dtype)[[CLASS]])[1]


def settle(net, side):
    """Statistics that pictures would have left in the normalizations, and affine numbers that are not 1 and 0."""
    generator = torch.Generator().manual_seed(5)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
            # zennit leaves eps in a normalization that it has merged, so its network would be another one, by 5e-6 a layer
            module.eps = 1e-12
            with torch.no_grad():
                module.weight.copy_(torch.rand(module.weight.shape, generator=generator) + 0.5)
                module.bias.copy_(torch.randn(module.bias.shape, generator=generator) * 0.2)
    net.train()
    with torch.no_grad():
        for _ in range(4):
            net(torch.randn(8, 3, side, side, generator=generator))
    return net.eval()


def write(name, folder, arrays, full):
    torch.manual_seed(7)
    make, canonizer = NETWORKS[name]
    side = 224 if full else 32
    net = settle(make(full), side)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    mean, std = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    x = (torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1)) - mean) / std
    logits = net(x)
    found = {"x": x.numpy(), "logits": logits.numpy()}
    torch.onnx.export(net, x, os.path.join(folder, f"{name}.onnx"), opset_version=17, input_names=["x"], output_names=["logits"], dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False)
    double = copy.deepcopy(net).double()
    composite_of = lambda rule, dtype: composites(canonizer(), (-mean / std).to(dtype), ((1 - mean) / std).to(dtype))[rule]
    for rule in composites(None, 0, 1):
        composite = composite_of(rule, torch.float64)
        relevance = relevances(double, composite, x.double())
        rough = relevances(net, composite_of(rule, torch.float32), x).double()
        noise = float((rough - relevance).abs().max() / relevance.abs().max())
        found[rule] = relevance.float().numpy()
        # how far zennit itself is from these numbers when it computes in float32
        found[f"{rule} noise"] = np.float32([noise])
        print(name, rule, "logit", float(logits[0, CLASS]), "sum", float(relevance.sum()), "noise", noise)
    if not full:
        found = {key: value.astype("float32") for key, value in found.items()}
    np.savez_compressed(os.path.join(arrays, f"{name}.npz"), **found)


parser = argparse.ArgumentParser()
parser.add_argument("folder", nargs="?")
parser.add_argument("--full", action="store_true")
parser.add_argument("--only", default=",".join(NETWORKS))
options = parser.parse_args()
arrays = options.folder or os.path.join(HERE, "..", "golden", "data", "relevance")
folder = options.folder or os.path.join(HERE, "..", "models", "relevance")
for made in (arrays, folder):
    os.makedirs(made, exist_ok=True)
for network in options.only.split(","):
    write(network, folder, arrays, options.full)
