"""Networks of ConvLens' library as people save them after fine-tuning: another number of classes, weights alone, in three kinds of files.

Weights and batch-norm statistics are random. What is opened is the file alone: the network is known by its keys and shapes.
"""

import functools
import json
import logging
import os
import sys
import warnings

import torch

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "..", "scripts", "structures"))

from case import LeftOut, arguments, serve  # noqa: E402
from torch_model import case_of, randomise  # noqa: E402
from networks import build, side_of  # noqa: E402

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)
CLASSES = 7
QUICK = ("torchvision/resnet18", "timm/vit_tiny_patch16_224")
NETWORKS = """
torchvision/resnet18 torchvision/resnet50 torchvision/mobilenet_v2 torchvision/mobilenet_v3_small torchvision/mobilenet_v3_large
torchvision/efficientnet_b0 torchvision/densenet121 torchvision/vit_b_16 torchvision/convnext_tiny torchvision/swin_t torchvision/squeezenet1_1
torchvision/shufflenet_v2_x1_0 torchvision/googlenet+aux torchvision/inception_v3+aux torchvision/alexnet
timm/resnet34 timm/efficientnet_b0 timm/tf_efficientnet_b0 timm/efficientnet_b2 timm/tf_efficientnetv2_b0 timm/mobilenetv3_large_100
timm/mobilenetv4_conv_small timm/vit_tiny_patch16_224 timm/vit_small_patch16_224 timm/deit_tiny_patch16_224 timm/convnext_tiny
timm/convnextv2_atto timm/swin_tiny_patch4_window7_224 timm/resnet50d timm/seresnet50 timm/regnety_002 timm/ghostnet_100 timm/lcnet_050
timm/mobilevit_xxs timm/edgenext_xx_small
smp/Unet-resnet18 smp/Unet-resnet34 smp/Unet-efficientnet-b0 smp/FPN-resnet34 smp/DeepLabV3Plus-resnet34
""".split()


def save_pth(state, file):
    torch.save({"epoch": 3, "model": state, "optimizer": {"lr": 0.1}}, file)


def save_ckpt(state, file):
    torch.save({"state_dict": {f"model.{key}": value for key, value in state.items()}, "hyper_parameters": {"lr": 0.1}, "epoch": 3}, file)


def save_safetensors(state, file):
    from safetensors.torch import save_file

    save_file({key: value.clone().contiguous() for key, value in state.items()}, file)


KINDS = {"best.pth": save_pth, "last.ckpt": save_ckpt, "model.safetensors": save_safetensors}


def made(name):
    torch.manual_seed(0)
    return randomise(build(name, CLASSES))


def of(name, kind):
    # these take any size; what float32 loses is found sooner on small pictures
    side = [128, 128] if name.startswith("smp/") else side_of(name)[0]

    def save(folder):
        KINDS[kind](made(name).state_dict(), os.path.join(folder, kind))
        if kind == "model.safetensors" and name.startswith("timm/"):
            # as timm writes it: some of its networks differ in nothing that weights show
            with open(os.path.join(folder, "config.json"), "w") as file:
                json.dump({"architecture": name.split("/")[1], "num_classes": CLASSES}, file)
        return kind

    size = side if name.startswith("smp/") else None
    return case_of(f"{name} ({kind})", kind.split(".")[1], functools.partial(made, name), save, [3, *side], size=size)


def cases():
    quick, only = arguments()
    for i, name in enumerate(NETWORKS):
        kind = list(KINDS)[i % len(KINDS)]
        if (quick and name not in QUICK) or only not in f"{name} ({kind})":
            continue
        try:
            yield of(name, kind)
        except Exception as error:
            yield LeftOut(name, kind, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


if __name__ == "__main__":
    serve(cases())
