"""Writes test/models/tokens: tiny networks whose cells are tokens, with random weights, as ONNX and .pt2, and what PyTorch and
pytorch-grad-cam compute of them. Attention is recorded where `softmax` is called, and rolled out here as Abnar and Zuidema write it:
whole matrices, identity and all.

    python -m venv torch && torch/bin/pip install torch==2.7.1 torchvision timm==1.0.31 onnx grad-cam && torch/bin/python test/support/make-tokens.py

Each NAME.json: the input [H, W, 3], the logits and, by the name of a module, `maps` (its output over the picture), `cam` (Grad-CAM of each
class before ReLU); by the number of a call of `softmax`, `attention` [rows, columns, heads]; `rollout` [rows, columns].
"""

import json
import os
import warnings

import numpy as np
import torch
from exported import pack, without_places
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from timm.layers import set_fused_attn
from timm.models.byobnet import ByobNet, ByoModelCfg
from timm.models.efficientvit_mit import EfficientVit
from timm.models.efficientvit_msra import EfficientVitMsra
from timm.models.eva import Eva
from timm.models.mobilevit import _inverted_residual_block, _mobilevit_block
from timm.models.swin_transformer import SwinTransformer
from timm.models.vision_transformer import VisionTransformer
from torchvision.models import SwinTransformer as TorchvisionSwin

warnings.filterwarnings("ignore")
OUT = os.path.join(os.path.dirname(__file__), "..", "models", "tokens")
CLASSES = 3
PLAIN = dict(img_size=32, patch_size=8, embed_dim=24, depth=2, num_heads=3, num_classes=CLASSES, mlp_ratio=2)


def tokens(extra):
    """[N, T, C] or a matrix's row [heads, T] over the grid of tokens behind `extra` others."""
    return lambda t: t[:, extra:].reshape(t.shape[0], int((t.shape[1] - extra) ** 0.5), -1, *t.shape[2:])


def plain(count, extra):
    """Which token each row of a matrix [N, heads, T, T] is: those of the grid first."""
    return np.concatenate([np.arange(count - extra, count), np.arange(count - extra)])[None]


def windows(side, size, shift):
    places = np.roll(np.arange(side * side).reshape(side, side), (-shift, -shift), (0, 1))
    return places.reshape(side // size, size, side // size, size).swapaxes(1, 2).reshape(-1, size * size)


def patches(side, size):
    """MobileViT: tokens attend to those at the same place of other patches."""
    places = np.arange(side * side).reshape(side // size, size, side // size, size)
    return places.transpose(1, 3, 0, 2).reshape(size * size, -1)


def whole(matrix, index, count):
    """The matrix of all tokens, mean of the heads, of [windows, heads, T, T]."""
    full = np.zeros((count, count))
    for window, places in zip(matrix.mean(1), index):
        full[np.ix_(places, places)] = window
    return full


def rollout(matrices, indices, rows, extra, side):
    count = side * side + extra
    result = np.eye(count)
    for matrix, index in zip(matrices, indices):
        own = whole(matrix, index, count) + np.eye(count)
        result = (own / own.sum(-1, keepdims=True)) @ result
    return result[rows].mean(0)[: side * side].reshape(side, side)


def heads(matrix, index, rows, side):
    """What the rows of each head attend to on average."""
    count = int(index.max()) + 1
    each = [whole(matrix[:, h : h + 1], index, count) for h in range(matrix.shape[1])]
    if len(index) == 1:
        return np.stack([own[rows].mean(0)[: side * side].reshape(side, side) for own in each], -1)
    # windows: of the queries in the same one
    return np.stack([own.sum(0).reshape(side, side) / index.shape[1] for own in each], -1)


def compact(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{v:.7g}") for v in array.ravel()]}


def recorded(model, x):
    """What `softmax` gives, in the order of its calls."""
    seen, own, fused = [], torch.Tensor.softmax, torch.nn.functional.scaled_dot_product_attention
    torch.Tensor.softmax = lambda *args, **named: seen.append(own(*args, **named)) or seen[-1]
    torch.nn.functional.scaled_dot_product_attention = (
        lambda q, k, v, *args, **named: (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1) @ v
    )
    try:
        model(x)
    finally:
        torch.Tensor.softmax, torch.nn.functional.scaled_dot_product_attention = own, fused
    return [each.detach().double().numpy() for each in seen]


def modules(model, x, names):
    found, maps = {}, {}
    for name, transform in names.items():
        module = model.get_submodule(name)
        signed = []
        for index in range(CLASSES):
            cam = GradCAM(model, [module], reshape_transform=lambda t: transform(t).permute(0, 3, 1, 2))
            cam(x, [ClassifierOutputTarget(index)])
            activations, gradients = (each[0].numpy() for each in (cam.activations_and_grads.activations, cam.activations_and_grads.gradients))
            signed.append(cam.get_cam_image(x, module, [ClassifierOutputTarget(index)], activations, gradients, False)[0])
            cam.activations_and_grads.release()
        found[name] = compact(np.stack(signed))
        maps[name] = compact(activations[0].transpose(1, 2, 0))
    return found, maps


def exported(model, x, file):
    """Without stack traces, and deflated: names and shapes are most of a small file."""
    program = torch.export.export(model, (x.repeat(2, 1, 1, 1),), dynamic_shapes=({0: torch.export.Dim.AUTO},))
    torch.export.save(without_places(program), file)
    pack(file)



def write(name, make, side, names, attention=None):
    torch.manual_seed(5)
    set_fused_attn(False)
    model = make().eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2) if parameter.ndim > 1 else torch.nn.init.normal_(parameter, 1 if parameter.mean() > 0.5 else 0, 0.1)
    for name_of, buffer in model.named_buffers():
        if "running" in name_of and buffer.ndim == 1:
            buffer.uniform_(0.5, 1.5)
    x = torch.from_numpy(np.random.default_rng(7).normal(size=(1, 3, side, side)).round(2).astype("float32"))
    cam, maps = modules(model, x, names)
    record = {"input": compact(x[0].permute(1, 2, 0).numpy()), "logits": compact(model(x).detach().numpy()[0]), "cam": cam, "maps": maps}
    if attention:
        matrices = recorded(model, x)
        if attention["of"]:
            matrices = [matrices[i] for i in attention["of"]]
        matrices = [m if m.ndim == 4 else m[:, None] for m in matrices]
        rows, extra, grid, indices = (attention[key] for key in ("rows", "extra", "grid", "indices"))
        record["attention"] = [compact(heads(m, i, rows, grid)) for m, i in zip(matrices, indices)]
        if attention.get("roll", True):
            record["rollout"] = compact(rollout(matrices, indices, rows, extra, grid))
    with open(os.path.join(OUT, f"{name}.json"), "w") as file:
        json.dump(record, file, separators=(",", ":"))
        file.write("\n")
    # as a network is exported by default: attention is one operation
    set_fused_attn(True)
    fused = make().eval()
    fused.load_state_dict(model.state_dict())
    model = fused
    exported(model, x, os.path.join(OUT, f"{name}.pt2"))
    # the exporter knows no rotary embeddings, and unrolls every window
    if name not in ("dinov3", "torchvision-swin"):
        torch.onnx.export(model, (x,), os.path.join(OUT, f"{name}.onnx"), opset_version=17, dynamo=False, input_names=["x"], output_names=["y"])


def first(t):
    return t.permute(0, 2, 3, 1)


def same(t):
    return t


def mobilevit():
    blocks = (
        _inverted_residual_block(d=1, c=8, s=2, br=2.0),
        _mobilevit_block(d=1, c=8, s=2, transformer_dim=12, transformer_depth=2, patch_size=2, br=2.0),
    )
    return ByobNet(ByoModelCfg(blocks=blocks, stem_chs=8, stem_type="3x3", stem_pool="", downsample="", act_layer="silu", num_features=16), num_classes=CLASSES)


class Hybrid(torch.nn.Module):
    """The exporter fixes the batch of PyTorch's own layer, and pictures stand along its second axis."""

    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, 4, 1), torch.nn.ReLU(), torch.nn.Conv2d(8, 16, 3, 2, 1))
        self.block = torch.nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, norm_first=True)
        self.head = torch.nn.Linear(16, CLASSES)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(x.shape)
        return self.head(x.mean((2, 3)))


os.makedirs(OUT, exist_ok=True)
torch.backends.mha.set_fastpath_enabled(False)
write(
    "hybrid",
    Hybrid,
    32,
    {"block": tokens(0)},
    dict(of=None, rows=list(range(16)), extra=0, grid=4, indices=[np.arange(16)[None]]),
)
write(
    "dinov2",
    lambda: VisionTransformer(**PLAIN, reg_tokens=4, init_values=0.5),
    32,
    {"blocks.0": tokens(5), "blocks.1.norm1": tokens(5)},
    dict(of=None, rows=[16], extra=5, grid=4, indices=[np.array([[16, 17, 18, 19, 20, *range(16)]])] * 2),
)
write(
    "registers",
    lambda: VisionTransformer(**PLAIN, class_token=False, global_pool="avg", reg_tokens=4),
    32,
    {"blocks.1": tokens(4)},
    dict(of=None, rows=list(range(16)), extra=4, grid=4, indices=[np.array([[16, 17, 18, 19, *range(16)]])] * 2),
)
write(
    "dinov3",
    lambda: Eva(**{**PLAIN}, num_reg_tokens=4, use_abs_pos_emb=False, use_rot_pos_emb=True, global_pool="token"),
    32,
    {"blocks.0": tokens(5)},
    dict(of=None, rows=[16], extra=5, grid=4, indices=[np.array([[16, 17, 18, 19, 20, *range(16)]])] * 2),
)
write(
    "swin",
    lambda: SwinTransformer(img_size=32, patch_size=2, window_size=4, embed_dim=4, depths=(1, 2), num_heads=(1, 2), num_classes=CLASSES, mlp_ratio=1),
    32,
    {"norm": same, "layers.1.blocks.0": same},
    dict(of=[1, 2], rows=list(range(64)), extra=0, grid=8, indices=[windows(8, 4, 0), windows(8, 4, 2)]),
)
write(
    "torchvision-swin",
    lambda: TorchvisionSwin([2, 2], 4, [1, 2], [1, 2], [4, 4], mlp_ratio=1, num_classes=CLASSES, stochastic_depth_prob=0.0),
    32,
    {"norm": same, "features.3.0": same},
    dict(of=[1, 2], rows=list(range(64)), extra=0, grid=8, indices=[windows(8, 4, 0), windows(8, 4, 2)]),
)
write(
    "mobilevit",
    mobilevit,
    64,
    {"final_conv.bn": first, "stages.1.1": first},
    dict(of=None, rows=list(range(64)), extra=0, grid=8, indices=[patches(8, 2)] * 2),
)
write(
    "efficientvit-mit",
    lambda: EfficientVit(widths=(4, 4, 4, 8), depths=(1, 1, 1, 1), head_dim=4, num_classes=CLASSES, head_widths=(8, 8)),
    64,
    {"stages.2": first, "head.in_conv": first},
)
write(
    "efficientvit-msra",
    lambda: EfficientVitMsra(img_size=64, num_classes=CLASSES, embed_dim=(8, 8), key_dim=(4, 4), depth=(1, 1), num_heads=(2, 2), window_size=(2, 2), kernels=(3, 3), down_ops=(("", 1), ("subsample", 2))),
    64,
    {"stages.0.blocks.0": first, "stages.1": first},
    # heads of a layer attend one after the other here, each to what the one before it gave: each is a step
    dict(of=[2, 3], rows=list(range(4)), extra=0, grid=2, indices=[np.arange(4)[None]] * 2),
)
