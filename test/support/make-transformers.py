"""Writes test/models/transformers: tiny transformers with random weights as ONNX (some as .pt2 too), with what timm and pytorch-grad-cam
compute.

    python -m venv torch && torch/bin/pip install torch==2.7.1 timm==1.0.31 onnx onnxscript grad-cam && torch/bin/python test/support/make-transformers.py

Each NAME.json: the input [H, W, 3] and, by the name of a module, `cam` (Grad-CAM of each class before ReLU, by pytorch-grad-cam with
its reshape transform) and `attention` (softmax of each head at the class token, as DINO draws it; the mean over positions where
there is none), [rows, columns, heads].
"""

import json
import os
import warnings

import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from timm.models.deit import VisionTransformerDistilled
from timm.models.swin_transformer import SwinTransformer, window_reverse
from timm.models.vision_transformer import VisionTransformer

warnings.filterwarnings("ignore")
OUT = os.path.join(os.path.dirname(__file__), "..", "models", "transformers")
SIDE, CLASSES = 32, 3

PLAIN = dict(img_size=SIDE, patch_size=8, embed_dim=24, depth=2, num_heads=3, num_classes=CLASSES, mlp_ratio=2)
SWIN = dict(img_size=SIDE, patch_size=2, window_size=4, embed_dim=8, depths=(2,), num_heads=(2,), num_classes=CLASSES, mlp_ratio=2)


def grid(tensor, extra):
    side = int((tensor.shape[1] - extra) ** 0.5)
    return tensor[:, extra:].reshape(len(tensor), side, side, -1).permute(0, 3, 1, 2)


def windows(block):
    """Windows of a block put together again, and turned back."""

    def transform(tensor):
        side, size, shift = block.input_resolution[0], block.window_size[0], block.shift_size
        whole = window_reverse(tensor.reshape(-1, size, size, tensor.shape[-1]), (size, size), side, side)
        return torch.roll(whole, shift, dims=(1, 2)).permute(0, 3, 1, 2)

    return transform


def channels_first(tensor):
    return tensor.permute(0, 3, 1, 2)


def cams(model, x, layers):
    found = {}
    for name, transform in layers.items():
        module = model.get_submodule(name)
        signed = []
        for index in range(CLASSES):
            cam = GradCAM(model, [module], reshape_transform=transform)
            cam(x, [ClassifierOutputTarget(index)])
            maps, gradients = (each[0].numpy() for each in (cam.activations_and_grads.activations, cam.activations_and_grads.gradients))
            signed.append(cam.get_cam_image(x, module, [ClassifierOutputTarget(index)], maps, gradients, False)[0])
        found[name] = compact(np.stack(signed))
    return found


def attentions(model, x, modules, extra):
    """What F.scaled_dot_product_attention hides: softmax of the scaled products."""
    found = {}
    for name in modules:
        seen = []
        attention = model.get_submodule(name)
        hook = attention.register_forward_hook(lambda module, inputs, _: seen.append(inputs[0]))
        model(x)
        hook.remove()
        n, tokens, width = seen[0].shape
        q, k, _ = attention.qkv(seen[0]).reshape(n, tokens, 3, attention.num_heads, -1).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-1, -2) * attention.scale).softmax(-1)
        row = weights[:, :, :1] if extra else weights.mean(2, keepdim=True)
        side = int((tokens - extra) ** 0.5)
        found[name] = compact(row[0, :, 0, extra:].reshape(-1, side, side).permute(1, 2, 0).detach().numpy())
    return found


def compact(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{v:.7g}") for v in array.ravel()]}


def write(name, make, layers, attended, extra):
    torch.manual_seed(5)
    model = make().eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2) if parameter.ndim > 1 else torch.nn.init.normal_(parameter, 1 if parameter.mean() > 0.5 else 0, 0.1)
    x = torch.from_numpy(np.random.default_rng(7).normal(size=(1, 3, SIDE, SIDE)).astype("float32"))
    record = {
        "input": compact(x[0].permute(1, 2, 0).numpy()),
        "logits": compact(model(x).detach().numpy()[0]),
        "cam": cams(model, x, layers(model)),
        "attention": attentions(model, x, attended, extra),
    }
    with open(os.path.join(OUT, f"{name}.json"), "w") as file:
        json.dump(record, file, separators=(",", ":"))
        file.write("\n")
    if name in ("vit", "swin"):
        free = ({0: torch.export.Dim.AUTO},)
        torch.export.save(torch.export.export(model, (x.repeat(2, 1, 1, 1),), dynamic_shapes=free), os.path.join(OUT, f"{name}.pt2"))
    torch.onnx.export(model, (x,), os.path.join(OUT, f"{name}.onnx"), opset_version=17, dynamo=False, input_names=["x"], output_names=["y"])


os.makedirs(OUT, exist_ok=True)
write(
    "vit",
    lambda: VisionTransformer(**PLAIN),
    lambda _: {"blocks.1.norm1": lambda t: grid(t, 1), "blocks.0": lambda t: grid(t, 1)},
    ["blocks.0.attn", "blocks.1.attn"],
    1,
)
write(
    "mean",
    lambda: VisionTransformer(**PLAIN, class_token=False, global_pool="avg"),
    lambda _: {"blocks.1.norm1": lambda t: grid(t, 0), "blocks.1": lambda t: grid(t, 0)},
    ["blocks.1.attn"],
    0,
)
write(
    "distilled",
    lambda: VisionTransformerDistilled(**PLAIN),
    lambda _: {"blocks.1.norm1": lambda t: grid(t, 2)},
    ["blocks.1.attn"],
    2,
)
write(
    "swin",
    lambda: SwinTransformer(**SWIN),
    lambda model: {
        "norm": channels_first,
        "layers.0.blocks.1.norm1": channels_first,
        "layers.0.blocks.1.attn.proj": windows(model.layers[0].blocks[1]),
        "layers.0.blocks.0.attn.proj": windows(model.layers[0].blocks[0]),
    },
    [],
    0,
)
