"""Convolutional networks of torchvision and timm, written by both of PyTorch's ONNX exporters, against PyTorch in float64.

Weights and batch-norm statistics are random, inputs small. What float32 itself may lose is told with each array (lib/noise.py), so
that it does not count against the reader."""

import copy
import io
import os
import warnings
from contextlib import redirect_stdout
from functools import lru_cache

import numpy as np
import timm
import torch
import torchvision

from case import Case, LeftOut, arguments, serve
from torch_model import computed, noise_of_torch

warnings.filterwarnings("ignore")
torch.set_num_threads(2)

TORCHVISION = """alexnet vgg11_bn resnet18 resnet50 resnext50_32x4d wide_resnet50_2 densenet121 googlenet inception_v3
    mobilenet_v2 mobilenet_v3_small mobilenet_v3_large shufflenet_v2_x1_0 squeezenet1_1 mnasnet1_0 efficientnet_b0
    efficientnet_v2_s regnet_y_400mf convnext_tiny""".split()
TIMM = """resnetv2_50 eca_nfnet_l0 repvgg_a0 ghostnet_100 efficientnet_lite0 mobilenetv4_conv_small convnextv2_atto
    hrnet_w18_small dla34 res2net50_26w_4s rexnet_100 tf_efficientnet_b0 cspresnet50 ese_vovnet19b_dw xception41 mixnet_s
    lcnet_050 skresnet18 seresnext26t_32x4d regnety_002 mobileone_s0 selecsls42b gernet_s tinynet_e""".split()
QUICK = ("resnet18", "shufflenet_v2_x1_0", "repvgg_a0")
SIZES = {"inception_v3": 96, "alexnet": 80}
# Every operation set that the older exporter writes gets its share; the newer one writes 18 and converts upwards.
LEGACY, DYNAMO = (17, 9, 11, 13, 15, 10, 12, 14, 16, 18, 20), (18,)


def network(name):
    if name in TIMM:
        return timm.create_model(name, pretrained=False, num_classes=10)
    special = {"googlenet": {"aux_logits": False, "init_weights": False},
               "inception_v3": {"aux_logits": False, "init_weights": False}}
    return getattr(torchvision.models, name)(weights=None, num_classes=10, **special.get(name, {}))


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    uniform = lambda like, low, high: low + (high - low) * torch.rand(like.shape, generator=generator)
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.running_mean.copy_(uniform(module.running_mean, -0.2, 0.2))
            module.running_var.copy_(uniform(module.running_var, 0.5, 1.5))
            if module.weight is not None:
                module.weight.data.copy_(uniform(module.weight, 0.5, 1.5))
                module.bias.data.copy_(uniform(module.bias, -0.2, 0.2))
    return model.eval()


def watched(model, x):
    """Two modules whose outputs are maps: blocks, or activations, that are called once and are no convolution or batch norm
    (exporters fold one into the other)."""
    calls = {}
    folded = (torch.nn.Conv2d, torch.nn.modules.batchnorm._BatchNorm, torch.nn.Dropout, torch.nn.Identity)
    hooks = []
    for path, module in model.named_modules():
        if path == "" or isinstance(module, folded):
            continue
        def hook(_module, _inputs, output, path=path):
            calls.setdefault(path, []).append(output)
        hooks.append(module.register_forward_hook(hook))
    with torch.no_grad():
        model(x)
    for each in hooks:
        each.remove()
    names = [p for p, outs in calls.items()
             if len(outs) == 1 and isinstance(outs[0], torch.Tensor) and outs[0].ndim == 4 and min(outs[0].shape[2:]) > 1]
    blocks = [p for p in names if any(True for _ in model.get_submodule(p).children())]
    usable = blocks if len(blocks) >= 2 else names
    return [usable[len(usable) // 3], usable[2 * len(usable) // 3]] if len(usable) > 1 else usable


def export(model, x, folder, dynamo, opset, free):
    path = os.path.join(folder, "model.onnx")
    with redirect_stdout(io.StringIO()):
        if dynamo:
            torch.onnx.export(model, (x,), path, dynamo=True, opset_version=opset, external_data=False, verbose=False)
        else:
            axes = {"x": {0: "batch"}, "y": {0: "batch"}} if free else None
            torch.onnx.export(model, (x,), path, dynamo=False, opset_version=opset, dynamic_axes=axes, input_names=["x"],
                              output_names=["y"])
    return "model.onnx"


class Reference:
    """A network and what PyTorch computes for it in float64."""

    def __init__(self, name, index):
        torch.manual_seed(index)
        self.model = randomise(network(name), index)
        fresh = copy.deepcopy(self.model).double()
        size = SIZES.get(name, 64)
        self.x = torch.randn(2, 3, size, size)
        paths = watched(self.model, self.x)
        self.seed = torch.randn(self.model(self.x).shape)
        double = self.x.double()
        exact = computed(copy.deepcopy(fresh), double, self.seed, paths)
        self.noise = lru_cache(lambda: [*noise_of_torch(fresh, double, self.seed, paths, computed(self.model, self.x, self.seed, paths))][-1])
        self.exact = {what: array.astype(np.float32) for what, array in exact.items()}

    def case(self, label, group, write):
        maps = {what[4:]: array for what, array in self.exact.items() if what.startswith("map ")}
        return Case(label, group, write, inputs=[self.x.numpy()], outputs=[self.exact["output 0"]], maps=maps,
                    gradients=[self.exact["gradient 0"]], seed=self.seed.numpy(), noise=self.noise)


def exported(ref, name, group, index, dynamo):
    """The network of `ref` by one exporter; what it cannot export is left out."""
    opsets = DYNAMO if dynamo else LEGACY
    opset = opsets[index % len(opsets)]
    label = "%s_%s" % (name, "dynamo" if dynamo else "legacy")
    try:
        write = exported_once(lambda folder: export(ref.model, ref.x, folder, dynamo, opset, index % 2 == 0))
    except Exported as error:
        return LeftOut(label, group, "PyTorch's exporter fails: %s" % error)
    return ref.case(label + str(opset), group, write)


def cases():
    quick, only = arguments()
    for group, names in (("torchvision", TORCHVISION), ("timm", TIMM)):
        for index, name in enumerate(names):
            wanted = [dynamo for dynamo in (False, True) if only.startswith(name) or only in "%s_%s" % (name, "dynamo" if dynamo else "legacy")]
            if not wanted or quick and name not in QUICK:
                continue
            ref = Reference(name, index)
            for dynamo in wanted:
                yield exported(ref, name, group, index, dynamo)


class Exported(Exception):
    pass


def exported_once(make):
    """Exports at once, so that an exporter's failure is told as such."""
    import shutil
    import tempfile
    kept = tempfile.mkdtemp()
    try:
        name = make(kept)
    except Exception as error:
        shutil.rmtree(kept)
        raise Exported(str(error).strip().splitlines()[0][:200]) from None

    def move(folder):
        for each in os.listdir(kept):
            shutil.move(os.path.join(kept, each), os.path.join(folder, each))
        os.rmdir(kept)
        return name
    return move


serve(cases())
