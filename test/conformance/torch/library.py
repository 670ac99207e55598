"""Networks of ConvLens' library as people save them after fine-tuning: another number of classes, weights alone, in three kinds of files.

Weights and batch-norm statistics are random. What is opened is the file alone: the network is known by its keys and shapes.
"""

import json
import logging
import os
import sys
import warnings

import numpy as np
import torch

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "..", "scripts", "structures"))

from case import Case, LeftOut, arguments, serve  # noqa: E402
from torch_model import computed, explanations, noise_of_torch, randomise, told_as  # noqa: E402
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


def most_seen(y):
    """The two classes that are the most likely at most positions."""
    return torch.bincount(y.argmax(0).flatten()).topk(2).indices.tolist()


def of(name, kind, outputs_only):
    # these take any size; what float32 loses is found sooner on small pictures
    side = [128, 128] if name.startswith("smp/") else side_of(name)[0]
    random = np.random.default_rng(1)
    x = torch.from_numpy(random.normal(size=(2, 3, *side)).astype(np.float32))
    model = made(name)
    state = model.state_dict()
    with torch.no_grad():
        y = model(x[:1] if outputs_only else x)
    shape = y.shape
    seed = torch.from_numpy(random.normal(size=shape).astype(np.float32))
    classes = [0, 1] if y.dim() == 2 else most_seen(y[0])
    explained = explanations(model, x[:1], classes)
    reference = {"output 0": y.numpy()} if outputs_only else computed(model, x, seed, [])
    reference.update({told_as(*key): value for key, value in explained.items()})

    def save(folder):
        KINDS[kind](state, os.path.join(folder, kind))
        if kind == "model.safetensors" and name.startswith("timm/"):
            # as timm writes it: some of its networks differ in nothing that weights show
            with open(os.path.join(folder, "config.json"), "w") as file:
                json.dump({"architecture": name.split("/")[1], "num_classes": CLASSES}, file)
        return kind

    arrays = {key: value.astype(np.float32) for key, value in reference.items()}
    told = {"explain": True, "size": side if name.startswith("smp/") else None, "explained": {key: value.astype(np.float32) for key, value in explained.items()}}
    if outputs_only:
        yield Case(f"{name} ({kind})", kind.split(".")[1], save, inputs=[x[:1].numpy()], outputs=[arrays["output 0"]], **told)
        return
    yield Case(
        f"{name} ({kind})", kind.split(".")[1], save, inputs=[x.numpy()], outputs=[arrays["output 0"]],
        gradients=[arrays["gradient 0"]], seed=seed.numpy(), **told,
        noise=lambda: noise_of_torch(made(name).double(), x.double(), seed, [], reference, classes),
    )  # fmt: skip


def cases():
    quick, only = arguments()
    for i, name in enumerate(NETWORKS):
        kind = list(KINDS)[i % len(KINDS)]
        if (quick and name not in QUICK) or only not in f"{name} ({kind})":
            continue
        try:
            yield from of(name, kind, "--outputs" in sys.argv)
        except Exception as error:
            yield LeftOut(name, kind, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


if __name__ == "__main__":
    serve(cases())
