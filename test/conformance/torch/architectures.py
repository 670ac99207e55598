"""Architectures that people have, as they export them by default: `torch.export.export(model, (x,))` and `torch.onnx.export(model, (x,),
file)` with one picture as the example, at the size that the architecture is made for.

Weights and batch-norm statistics are random. Two pictures are computed, although the example was one: what is told of a batch of
one has to hold for each picture of more. What an exporter cannot write is left out with its own words.
"""

import io
import logging
import os
import shutil
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import segmentation_models_pytorch
import timm
import torch
import torchvision

from case import Case, LeftOut, arguments, serve
from torch_model import computed, noise_of_torch, randomise

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)

# by library; the side of the picture, where it is not the architecture's own 224
TORCHVISION = {
    "convnext_tiny": 224, "mobilenet_v3_small": 224, "lraspp_mobilenet_v3_large": 224,
    "ssdlite320_mobilenet_v3_large": 320, "swin_t": 224,
}
TIMM = {
    "vit_tiny_patch16_224": 224, "convnextv2_atto": 224, "mobilenetv4_conv_small": 224, "mobilenetv4_hybrid_medium": 224,
    "efficientvit_b0": 224, "swin_tiny_patch4_window7_224": 224, "fastvit_t8": 256, "mobilevit_xxs": 256,
    "tf_efficientnetv2_b0": 192, "levit_128s": 224, "tiny_vit_5m_224": 224, "caformer_s18": 224, "edgenext_xx_small": 256,
    "repvit_m1": 224, "efficientformerv2_s0": 224, "regnety_002": 224, "ghostnetv2_100": 224, "dla34": 224,
}  # fmt: skip
SMP = {"Unet": 224, "Segformer": 224}
LIBRARIES = {"torchvision": TORCHVISION, "timm": TIMM, "smp": SMP}
QUICK = ("mobilenet_v3_small", "vit_tiny_patch16_224")


class Segmentation(torch.nn.Module):
    """A network whose answer is a dictionary of tensors, as a function with one."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)["out"]


class Detection(torch.nn.Module):
    """The class scores of a detector's anchors, before boxes are chosen from them: what is chosen has no derivative."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.head = model.backbone, model.head

    def forward(self, x):
        return self.head(list(self.backbone(x).values()))["cls_logits"]


def build(library, name):
    torch.manual_seed(0)
    if library == "timm":
        model = timm.create_model(name)
    elif library == "smp":
        model = getattr(segmentation_models_pytorch, name)(encoder_weights=None, classes=3)
    elif "ssd" in name:
        model = Detection(torchvision.models.detection.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None))
    elif "raspp" in name:
        model = Segmentation(torchvision.models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None))
    else:
        model = getattr(torchvision.models, name)(weights=None)
    return randomise(model)


def write_pt2(model, x, folder):
    torch.export.save(torch.export.export(model, (x,)), os.path.join(folder, "model.pt2"))
    return "model.pt2"


def write_onnx(model, x, folder):
    torch.onnx.export(model, (x,), os.path.join(folder, "model.onnx"))
    return "model.onnx"


WRITERS = {"pt2": write_pt2, "onnx": write_onnx}


def exported(write, model, x):
    """Exports at once, so that an exporter's failure is told as such; a function that puts the file where it is wanted."""
    made = tempfile.mkdtemp()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), torch.no_grad():
        name = write(model, x, made)

    def move(folder):
        for each in os.listdir(made):
            shutil.move(os.path.join(made, each), os.path.join(folder, each))
        os.rmdir(made)
        return name

    return move


def of(library, name, side):
    random = np.random.default_rng(1)
    x = torch.from_numpy(random.normal(size=(2, 3, side, side)).astype(np.float32))
    reference = None
    for kind, write in WRITERS.items():
        try:
            save = exported(write, build(library, name), x[:1])
        except Exception as error:
            reason = " ".join(str(error).split())[:200]
            yield LeftOut(f"{name}.{kind}", kind, f"PyTorch does not export it: {type(error).__name__}: {reason}")
            continue
        if reference is None:
            with torch.no_grad():
                shape = build(library, name)(x).shape
            seed = torch.from_numpy(random.normal(size=shape).astype(np.float32))
            reference = computed(build(library, name), x, seed, [])

        def noise():
            return noise_of_torch(build(library, name).double(), x.double(), seed, [], reference)

        arrays = {key: value.astype(np.float32) for key, value in reference.items()}
        yield Case(
            f"{name}.{kind}", kind, save, inputs=[x.numpy()], outputs=[arrays["output 0"]],
            gradients=[arrays["gradient 0"]], seed=seed.numpy(), noise=noise, explain=True,
        )  # fmt: skip


def cases():
    quick, only = arguments()
    for library, sides in LIBRARIES.items():
        for name, side in sides.items():
            wanted = only.startswith(name) or only in name
            if wanted and (not quick or name in QUICK):
                yield from of(library, name, side)


if __name__ == "__main__":
    serve(cases())
