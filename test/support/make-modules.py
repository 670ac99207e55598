"""Writes whole modules as torch.save pickles them, under test/models/torch, with the numbers that PyTorch computes. PyTorch 2.7.

Classes of fastai are small ones of our own under its names: only names and attributes are in a file.
"""

import json
import pathlib
import sys
import types

import torch
import torchvision
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "torch"


def rounded(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.7g}") for v in tensor.detach().flatten().tolist()]}


def expect(name, model, x):
    x = x.clone().requires_grad_()
    outputs = model(x)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    (gradient,) = torch.autograd.grad(sum(y.square().sum() for y in outputs), x)
    told = {"input": rounded(x), "outputs": [rounded(y) for y in outputs], "gradient": rounded(gradient)}
    (HERE / f"module_{name}.json").write_text(json.dumps(told) + "\n")


def settled(model):
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return model.eval()


def module(name, **classes):
    """A module of that name with our classes in it, so that pickles name them so."""
    made = types.ModuleType(name)
    parts = name.split(".")
    for i in range(1, len(parts)):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    sys.modules[name] = made
    for own, kind in classes.items():
        kind.__module__, kind.__qualname__, kind.__name__ = name, own, own
        setattr(made, own, kind)


class AdaptiveConcatPool2d(nn.Module):
    def __init__(self):
        super().__init__()
        self.size, self.ap, self.mp = 1, nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)

    def forward(self, x):
        return torch.cat([self.mp(x), self.ap(x)], 1)


class Flatten(nn.Module):
    def __init__(self):
        super().__init__()
        self.full = False

    def forward(self, x):
        return x.view(x.size(0), -1)


class L:
    def __init__(self, items):
        self.items = items


class CategoryMap:
    def __init__(self, names):
        self.items, self.o2i = L(names), {name: i for i, name in enumerate(names)}


class Categorize:
    def __init__(self, names):
        self.vocab, self.sort, self.add_na = CategoryMap(names), True, False


class DataLoaders:
    def __init__(self, names):
        self.loaders = L([L([Categorize(names)])])


class Learner:
    def __init__(self, model, names):
        self.dls = DataLoaders(names)
        self.model, self.opt, self.path, self.lr = model, None, pathlib.PurePosixPath("."), 0.001


class Stranger(nn.Module):
    def forward(self, x):
        return x


def main():
    torch.manual_seed(0)
    sequence = settled(nn.Sequential(
        nn.Conv2d(1, 6, 5, padding="same", padding_mode="reflect"), nn.BatchNorm2d(6), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Sequential(nn.Conv2d(6, 8, 3, groups=2, bias=False), nn.GroupNorm(2, 8), nn.SiLU()),
        nn.Dropout(), nn.Flatten(), nn.Linear(8 * 12 * 12, 10), nn.LogSoftmax(dim=None),
    ))  # fmt: skip
    torch.save(sequence, HERE / "module_sequence.pth")
    expect("sequence", sequence, torch.randn(2, 1, 28, 28))
    many = settled(nn.Sequential(
        nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(3, 8, 3, stride=2, dilation=(1, 2), padding=(1, 0)), nn.LeakyReLU(0.2),
        nn.InstanceNorm2d(8, affine=True), nn.PReLU(8), nn.ReflectionPad2d(1), nn.AvgPool2d(3, 2, 1, count_include_pad=False),
        nn.ELU(0.7), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), nn.GELU("tanh"), nn.PixelUnshuffle(2),
        nn.Hardtanh(-0.8, 0.9), nn.ConvTranspose2d(32, 8, 3, 2, 1, output_padding=1), nn.Softplus(2.0), nn.PixelShuffle(2),
        nn.Tanhshrink(), nn.ReplicationPad2d((0, 1, 1, 0)), nn.Conv2d(2, 4, 1), nn.GLU(1), nn.Upsample(size=(6, 5)), nn.Softsign(),
        nn.AdaptiveAvgPool2d((3, None)), nn.Mish(), nn.Identity(), nn.Flatten(2), nn.LayerNorm(15), nn.Unflatten(1, (2, 1)),
        nn.Threshold(-0.5, 0.1), nn.Flatten(1, -2), nn.Linear(15, 4, bias=False), nn.Hardswish(), nn.Softmin(-1),
    ))  # fmt: skip
    torch.save({"epoch": 3, "model": many}, HERE / "module_many.pth")
    expect("many", many, torch.randn(2, 3, 15, 18))
    module("fastai.layers", AdaptiveConcatPool2d=AdaptiveConcatPool2d, Flatten=Flatten)
    module("fastai.learner", Learner=Learner)
    module("fastai.data.core", DataLoaders=DataLoaders)
    module("fastai.data.transforms", CategoryMap=CategoryMap, Categorize=Categorize)
    module("fastcore.foundation", L=L)
    block = torchvision.models.resnet.BasicBlock
    body = nn.Sequential(
        nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
        nn.Sequential(block(4, 4), block(4, 6, 2, nn.Sequential(nn.Conv2d(4, 6, 1, 2, bias=False), nn.BatchNorm2d(6)))),
    )  # fmt: skip
    head = nn.Sequential(AdaptiveConcatPool2d(), Flatten(), nn.BatchNorm1d(12), nn.Dropout(0.25), nn.Linear(12, 5, bias=False))
    learner = Learner(settled(nn.Sequential(body, head)), ["ant", "bee", "cat", "dog", "elk"])
    torch.save(learner, HERE / "module_fastai.pkl")
    expect("fastai", learner.model, torch.randn(2, 3, 32, 32))
    module("someone.net", Stranger=Stranger)
    torch.manual_seed(6)
    up = [nn.Upsample(scale_factor=1.5, mode="bilinear"), nn.Upsample(scale_factor=0.7)]
    up.append(nn.Upsample(scale_factor=1.3, mode="bilinear", recompute_scale_factor=True))
    resized = settled(nn.Sequential(nn.Conv2d(3, 2, 1), *up, nn.Softplus(2.0, threshold=0.5)))
    torch.save(resized, HERE / "module_resized.pth")
    expect("resized", resized, torch.randn(2, 3, 5, 7))
    torch.save(nn.Sequential(nn.Conv2d(3, 4, 3), Stranger(), nn.ReLU()), HERE / "module_stranger.pth")


main()
