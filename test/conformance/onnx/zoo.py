"""Convolutional networks of torchvision and timm, written by both of PyTorch's ONNX exporters, against PyTorch in float64.

Weights and batch-norm statistics are random, inputs small. What float32 itself loses (PyTorch's float32 against its float64) is
told with each array, so that it does not count against the reader."""

import copy
import io
import os
import warnings
from contextlib import redirect_stdout

import numpy as np
import timm
import torch
import torchvision

from case import Case, LeftOut, arguments, serve

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


def computed(model, x, paths, seed):
    """Output, maps and the gradient of sum(output * seed) by the input."""
    maps, hooks = {}, []
    for path in paths:
        def hook(_module, _inputs, output, path=path):
            maps[path] = output.detach().clone().numpy()
        hooks.append(model.get_submodule(path).register_forward_hook(hook))
    x = x.clone().requires_grad_()
    y = model(x)
    (gradient,) = torch.autograd.grad((y * seed).sum(), x)
    for each in hooks:
        each.remove()
    return y.detach().numpy(), maps, gradient.numpy()


def off(single, double):
    return float(np.abs(single - double).max() / max(np.abs(double).max(), 1e-30))


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


def zoo_case(name, group, index, dynamo):
    opset = (DYNAMO if dynamo else LEGACY)[index % len(DYNAMO if dynamo else LEGACY)]
    torch.manual_seed(index)
    model = randomise(network(name), index)
    size = SIZES.get(name, 64)
    x = torch.randn(2, 3, size, size)
    paths = watched(model, x)
    seed = torch.randn(model(x).shape)
    y, maps, gradient = computed(model, x, paths, seed)
    exact = computed(copy.deepcopy(model).double(), x.double(), paths, seed.double())
    noise = {"output 0": off(y, exact[0]), "gradient 0": off(gradient, exact[2])}
    noise.update({"map " + p: off(maps[p], exact[1][p]) for p in paths})
    label = "%s_%s%d" % (name, "dynamo" if dynamo else "legacy", opset)
    with_file = lambda folder: export(model, x, folder, dynamo, opset, index % 2 == 0)
    single = lambda a: a.astype(np.float32)
    return Case(label, group, with_file, inputs=[x.numpy()], outputs=[single(exact[0])],
                maps={p: single(exact[1][p]) for p in paths}, gradients=[single(exact[2])], seed=seed.numpy(), noise=noise)


def cases():
    quick, only = arguments()
    for group, names in (("torchvision", TORCHVISION), ("timm", TIMM)):
        for index, name in enumerate(names):
            if quick and name not in QUICK:
                continue
            for dynamo in (False, True):
                label = "%s_%s" % (name, "dynamo" if dynamo else "legacy")
                if only and only not in label and label not in only:
                    continue
                try:
                    made = zoo_case(name, group, index, dynamo)
                    made.model = exported_once(made.model)
                    yield made
                except Exported as error:
                    yield LeftOut(label, group, "PyTorch's exporter fails: %s" % error)


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
