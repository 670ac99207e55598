"""CNN families of torchvision and timm through torch.export, with random weights and random batch-norm statistics.

Outputs, two feature maps and the gradient to the input are PyTorch's in float32; what float32 may lose is told with each
(lib/noise.py). Pictures are as small as the family allows.
"""

import logging
import os
import warnings

import numpy as np
import timm
import torch
import torchvision

from case import Case, arguments, serve
from torch_model import computed, noise_of_torch, randomise

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)

# one of each family, its smallest member where there are several; the side of the picture
TORCHVISION = {
    "alexnet": 64, "vgg11_bn": 32, "resnet18": 64, "resnet50": 64, "resnext50_32x4d": 64, "wide_resnet50_2": 64,
    "densenet121": 64, "squeezenet1_0": 64, "squeezenet1_1": 64, "googlenet": 64, "inception_v3": 96,
    "mnasnet0_5": 64, "mobilenet_v2": 64, "mobilenet_v3_small": 64, "mobilenet_v3_large": 64,
    "shufflenet_v2_x0_5": 64, "efficientnet_b0": 64, "efficientnet_v2_s": 64, "regnet_x_400mf": 64,
    "regnet_y_400mf": 64, "convnext_tiny": 64,
}
TIMM = {
    "resnet26d": 64, "resnetv2_50": 64, "resnetv2_50x1_bit": 64, "seresnet18": 64, "ecaresnet26t": 64, "skresnet18": 64,
    "res2net50_26w_4s": 64, "resnest14d": 64, "resnet10t": 64, "efficientnet_lite0": 64, "tf_efficientnet_b0": 64,
    "mixnet_s": 64, "mobilenetv3_small_050": 64, "mobilenetv4_conv_small": 64, "ghostnet_050": 64,
    "hrnet_w18_small": 64, "dla34": 64, "darknet53": 64, "cspresnet50": 64, "cspdarknet53": 64,
    "ese_vovnet19b_dw": 64, "rexnet_100": 64, "nf_regnet_b0": 64, "repvgg_a0": 64,
    "mobileone_s0": 64, "convnext_atto": 64, "convnextv2_atto": 64, "regnetx_002": 64, "xception41": 64,
    "inception_v4": 96, "nf_resnet50": 64, "dpn48b": 64, "selecsls42b": 64,
    "gernet_s": 64, "hardcorenas_a": 64, "fbnetc_100": 64, "lcnet_035": 64, "tinynet_e": 64,
    "inception_next_atto": 64, "edgenext_xx_small": 64, "fastvit_t8": 64, "repghostnet_050": 64,
    "starnet_s1": 64, "hgnetv2_b0": 64, "mambaout_femto": 64, "ghostnetv2_100": 64, "efficientvit_b0": 64,
    "mobilevit_xxs": 64, "focalnet_tiny_srf": 64, "rdnet_tiny": 64, "coatnet_nano_cc_224": 224,
    "test_nfnet": 64, "cspnext_tiny": 64, "cs3darknet_focus_s": 64, "lcnetv2_small": 64, "fasternet_t0": 64, "swiftformer_xs": 64,
    "efficientvit_m0": 64, "repvit_m0_9": 64, "shvit_s1": 64, "gcresnext26ts": 64, "legacy_seresnet18": 64, "poolformer_s12": 64,
}  # fmt: skip
# core ATen operators, and a free batch and size
DECOMPOSED = ["convnext_tiny", "mobilenet_v3_small", "googlenet", "densenet121"]
DYNAMIC = ["resnet18", "mobilenet_v2", "squeezenet1_1", "shufflenet_v2_x0_5"]
QUICK = {"torchvision": ["resnet18", "mobilenet_v3_small"], "timm": ["resnetv2_50"], "core aten": ["convnext_tiny"], "free size": ["resnet18"]}


def build(group, name):
    torch.manual_seed(0)
    if group == "timm":
        model = timm.create_model(name)
    elif name in ("googlenet", "inception_v3"):
        model = getattr(torchvision.models, name)(weights=None, init_weights=False, aux_logits=False)
    else:
        model = getattr(torchvision.models, name)(weights=None)
    return randomise(model)


def chosen_maps(model):
    """Two convolutions at a third and two thirds of the way."""
    names = [n for n, m in model.named_modules() if type(m) is torch.nn.Conv2d]
    return [names[len(names) // 3], names[2 * len(names) // 3]] if len(names) > 2 else names


def make(group, name, side):
    model = build(group, name)
    names = chosen_maps(model)
    random = np.random.default_rng(1)
    x = torch.from_numpy(random.normal(size=(2, 3, side, side)).astype(np.float32))
    with torch.no_grad():
        classes = model(x).shape
    seed = torch.from_numpy(random.normal(size=classes).astype(np.float32))
    dynamic = ({0: torch.export.Dim("batch"), 2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO},) if group == "free size" else None
    exported = torch.export.export(model, (x,), dynamic_shapes=dynamic)
    if group == "core aten":
        exported = exported.run_decompositions()
    single = computed(model, x, seed, names)

    def noise():
        return noise_of_torch(build(group, name).double(), x.double(), seed, names, single)

    def save(folder):
        torch.export.save(exported, os.path.join(folder, "model.pt2"))
        return "model.pt2"

    arrays = {key: value.astype(np.float32) for key, value in single.items()}
    maps = {key[4:]: value for key, value in arrays.items() if key.startswith("map ")}
    return Case(
        f"{name}{'' if group in ('torchvision', 'timm') else '.' + group.replace(' ', '-')}",
        group, save, inputs=[x.numpy()], outputs=[arrays["output 0"]], maps=maps,
        gradients=[arrays["gradient 0"]], seed=seed.numpy(), noise=noise,
        size=(side, side) if group == "free size" else None,
    )  # fmt: skip


def cases():
    quick, only = arguments()
    groups = {
        "core aten": {name: TORCHVISION[name] for name in DECOMPOSED},
        "timm": TIMM,
        "free size": {name: TORCHVISION[name] for name in DYNAMIC},
        "torchvision": TORCHVISION,
    }
    for group, families in groups.items():
        for name, side in families.items():
            if only in name and (not quick or name in QUICK[group]):
                yield make(group, name, side)


serve(cases())
