"""Writes files with the structure of Ultralytics' under test/models/torch, with the numbers that PyTorch computes. PyTorch 2.7.

The layout is that which is published (names of classes and attributes, `f`, `stride`, `names`, the lists of layers); the classes are small
ones of our own, whose calls are written after the papers: nothing of Ultralytics' code is here.
"""

import json
import pathlib
import sys
import types

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "torch"


class Conv(nn.Module):
    def __init__(self, a, b, k=1, s=1, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(a, b, k, s, k // 2, groups=g, bias=False)
        self.bn, self.act = nn.BatchNorm2d(b, eps=1e-3), nn.SiLU(inplace=True) if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class DWConv(Conv):
    def __init__(self, a, b, k=1, s=1, act=True):
        super().__init__(a, b, k, s, min(a, b), act)


class Bottleneck(nn.Module):
    def __init__(self, a, b, add=True, k=3):
        super().__init__()
        self.cv1, self.cv2, self.add = Conv(a, b, 1 if k == 1 else 3), Conv(b, b, 3), add and a == b

    def forward(self, x):
        y = self.cv2(self.cv1(x))
        return x + y if self.add else y


class C3(nn.Module):
    def __init__(self, a, b, n=1, add=True):
        super().__init__()
        c = b // 2
        self.cv1, self.cv2, self.cv3 = Conv(a, c), Conv(a, c), Conv(2 * c, b)
        self.m = nn.Sequential(*(Bottleneck(c, c, add) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


class C3k(C3):
    pass


class C2f(nn.Module):
    def __init__(self, a, b, n=1, add=False):
        super().__init__()
        self.c = b // 2
        self.cv1, self.cv2 = Conv(a, 2 * self.c), Conv((2 + n) * self.c, b)
        self.m = nn.ModuleList(Bottleneck(self.c, self.c, add) for _ in range(n))

    def forward(self, x):
        parts = list(torch.chunk(self.cv1(x), 2, dim=1))
        for block in self.m:
            parts.append(block(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class C3k2(C2f):
    def __init__(self, a, b, n=1, deep=False, add=True):
        super().__init__(a, b, n, add)
        if deep:
            self.m = nn.ModuleList(C3k(self.c, self.c, 2) for _ in range(n))


class SPPF(nn.Module):
    def __init__(self, a, b, k=5):
        super().__init__()
        self.cv1, self.cv2, self.m = Conv(a, a // 2), Conv(a * 2, b), nn.MaxPool2d(k, 1, k // 2)

    def forward(self, x):
        x = self.cv1(x)
        a = self.m(x)
        b = self.m(a)
        return self.cv2(torch.cat((x, a, b, self.m(b)), 1))


class Concat(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = 1

    def forward(self, x):
        return torch.cat(x, self.d)


class Attention(nn.Module):
    def __init__(self, c, heads):
        super().__init__()
        self.num_heads, self.head_dim = heads, c // heads
        self.key_dim = self.head_dim // 2
        self.scale = self.key_dim**-0.5
        self.qkv = Conv(c, c + 2 * self.key_dim * heads, act=False)
        self.proj, self.pe = Conv(c, c, act=False), Conv(c, c, 3, g=c, act=False)

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = self.qkv(x).view(n, self.num_heads, -1, h * w).split([self.key_dim, self.key_dim, self.head_dim], 2)
        weights = torch.einsum("nhdi,nhdj->nhij", q, k).mul(self.scale).softmax(-1)
        mixed = torch.einsum("nhij,nhdj->nhdi", weights, v)
        return self.proj(mixed.reshape(n, c, h, w) + self.pe(v.reshape(n, c, h, w)))


class PSABlock(nn.Module):
    def __init__(self, c, heads):
        super().__init__()
        self.attn, self.ffn, self.add = Attention(c, heads), nn.Sequential(Conv(c, 2 * c), Conv(2 * c, c, act=False)), True

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.ffn(x)


class C2PSA(nn.Module):
    def __init__(self, c, n=1):
        super().__init__()
        self.c = c // 2
        self.cv1, self.cv2 = Conv(c, c), Conv(c, c)
        self.m = nn.Sequential(*(PSABlock(self.c, 2) for _ in range(n)))

    def forward(self, x):
        a, b = self.cv1(x).split((self.c, self.c), 1)
        return self.cv2(torch.cat((a, self.m(b)), 1))


class AAttn(nn.Module):
    def __init__(self, c, heads, area):
        super().__init__()
        self.area, self.num_heads, self.head_dim = area, heads, c // heads
        self.qkv, self.proj, self.pe = Conv(c, 3 * c, act=False), Conv(c, c, act=False), Conv(c, c, 7, g=c, act=False)

    def forward(self, x):
        n, c, h, w = x.shape
        # cells in rows, cut into areas; of each head queries, keys and values one behind the other
        cells = self.qkv(x).reshape(n, self.num_heads, 3, self.head_dim, self.area, h * w // self.area)
        q, k, v = cells.unbind(2)
        weights = torch.einsum("nhdai,nhdaj->nhaij", q, k).mul(self.head_dim**-0.5).softmax(-1)
        mixed = torch.einsum("nhaij,nhdaj->nhdai", weights, v)
        return self.proj(mixed.reshape(n, c, h, w) + self.pe(v.reshape(n, c, h, w)))


class ABlock(nn.Module):
    def __init__(self, c, heads, area):
        super().__init__()
        self.attn, self.mlp = AAttn(c, heads, area), nn.Sequential(Conv(c, c), Conv(c, c, act=False))

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)


class A2C2f(nn.Module):
    def __init__(self, a, b, n=1, area=4, attends=True):
        super().__init__()
        c = b // 2
        self.cv1, self.cv2 = Conv(a, c), Conv((1 + n) * c, b)
        self.gamma = nn.Parameter(torch.full((b,), 0.3)) if attends else None
        made = lambda: nn.Sequential(ABlock(c, 2, area), ABlock(c, 2, area)) if attends else C3k(c, c, 2)
        self.m = nn.ModuleList(made() for _ in range(n))

    def forward(self, x):
        parts = [self.cv1(x)]
        for block in self.m:
            parts.append(block(parts[-1]))
        y = self.cv2(torch.cat(parts, 1))
        return y if self.gamma is None else x + self.gamma[:, None, None] * y


class DFL(nn.Module):
    def __init__(self, bins):
        super().__init__()
        self.c1, self.conv = bins, nn.Conv2d(bins, 1, 1, bias=False).requires_grad_(False)
        self.conv.weight.data[:] = torch.arange(bins).view(1, bins, 1, 1)

    def forward(self, x):
        n, _, a = x.shape
        return (x.view(n, 4, self.c1, a).softmax(2) * torch.arange(self.c1).view(1, 1, -1, 1)).sum(2)


def grid(maps, stride):
    """Centres of all cells in cells, [2, cells], and their strides."""
    points, steps = [], []
    for m, s in zip(maps, stride.tolist()):
        h, w = m.shape[2:]
        y, x = torch.meshgrid(torch.arange(h) + 0.5, torch.arange(w) + 0.5, indexing="ij")
        points.append(torch.stack((x.flatten(), y.flatten())))
        steps.append(torch.full((1, h * w), s))
    return torch.cat(points, 1), torch.cat(steps, 1)


class Detect(nn.Module):
    """Without anchors."""

    light = False

    def __init__(self, nc, channels, bins=4):
        super().__init__()
        self.nc, self.nl, self.reg_max, self.no = nc, len(channels), bins, nc + 4 * bins
        self.stride = torch.zeros(self.nl)
        plain = lambda c: nn.Sequential(Conv(c, 8, 3), Conv(8, 8, 3), nn.Conv2d(8, nc, 1))
        light = lambda c: nn.Sequential(
            nn.Sequential(DWConv(c, c, 3), Conv(c, 8, 1)), nn.Sequential(DWConv(8, 8, 3), Conv(8, 8, 1)), nn.Conv2d(8, nc, 1)
        )
        self.cv2 = nn.ModuleList(nn.Sequential(Conv(c, 8, 3), Conv(8, 8, 3), nn.Conv2d(8, 4 * bins, 1)) for c in channels)
        self.cv3 = nn.ModuleList((light if self.light else plain)(c) for c in channels)
        self.dfl = DFL(bins) if bins > 1 else nn.Identity()

    def forward(self, x):
        boxes = torch.cat([m(v).flatten(2) for m, v in zip(self.cv2, x)], 2)
        classes = torch.cat([m(v).flatten(2) for m, v in zip(self.cv3, x)], 2)
        points, steps = grid(x, self.stride)
        left, right = self.dfl(boxes).chunk(2, 1)
        low, high = points - left, points + right
        return torch.cat(((low + high) / 2 * steps, (high - low) * steps, classes.sigmoid()), 1)


class Light(Detect):
    light = True


class Proto(nn.Module):
    def __init__(self, c, masks):
        super().__init__()
        self.cv1, self.upsample, self.cv2, self.cv3 = Conv(c, 8, 3), nn.ConvTranspose2d(8, 8, 2, 2), Conv(8, 8, 3), Conv(8, masks)

    def forward(self, x):
        return self.cv3(self.cv2(self.upsample(self.cv1(x))))


class Segment(Detect):
    def __init__(self, nc, channels, masks=3):
        super().__init__(nc, channels)
        self.nm, self.proto = masks, Proto(channels[0], masks)
        self.cv4 = nn.ModuleList(nn.Sequential(Conv(c, 4, 3), nn.Conv2d(4, masks, 1)) for c in channels)

    def forward(self, x):
        coefficients = torch.cat([m(v).flatten(2) for m, v in zip(self.cv4, x)], 2)
        return torch.cat((super().forward(x), coefficients), 1), self.proto(x[0])


class Pose(Light):
    def __init__(self, nc, channels, shape=(3, 3)):
        super().__init__(nc, channels)
        self.kpt_shape, self.nk = list(shape), shape[0] * shape[1]
        self.cv4 = nn.ModuleList(nn.Sequential(Conv(c, 6, 3), nn.Conv2d(6, self.nk, 1)) for c in channels)

    def forward(self, x):
        points, steps = grid(x, self.stride)
        made = torch.cat([m(v).flatten(2) for m, v in zip(self.cv4, x)], 2).unflatten(1, tuple(self.kpt_shape))
        placed = (made[:, :, :2] * 2 + points - 0.5) * steps
        return torch.cat((super().forward(x), torch.cat((placed, made[:, :, 2:].sigmoid()), 2).flatten(1, 2)), 1)


class Anchored(nn.Module):
    """YOLOv5's, with anchors."""

    def __init__(self, nc, channels, masks=0):
        super().__init__()
        self.nc, self.nl, self.na, self.no, self.nm = nc, len(channels), 2, nc + 5 + masks, masks
        self.stride = torch.zeros(self.nl)
        self.register_buffer("anchors", torch.rand(self.nl, 2, 2) * 3 + 0.5)
        self.m = nn.ModuleList(nn.Conv2d(c, 2 * self.no, 1) for c in channels)
        if masks:
            self.proto = Proto(channels[0], masks)

    def forward(self, x):
        found = []
        for m, v, s, anchors in zip(self.m, x, self.stride, self.anchors):
            y = m(v)
            n, _, h, w = y.shape
            y = y.view(n, 2, self.no, h, w).permute(0, 1, 3, 4, 2)
            row, column = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
            corner = torch.stack((column, row), 2) - 0.5
            centre = (y[..., :2].sigmoid() * 2 + corner) * s
            size = (y[..., 2:4].sigmoid() * 2) ** 2 * (anchors * s).view(1, 2, 1, 1, 2)
            end = 5 + self.nc
            found.append(torch.cat((centre, size, y[..., 4:end].sigmoid(), y[..., end:]), 4).flatten(1, 3))
        boxes = torch.cat(found, 1)
        return (boxes, self.proto(x[0])) if self.nm else boxes


class Classify(nn.Module):
    def __init__(self, a, nc):
        super().__init__()
        self.conv, self.pool, self.drop, self.linear = Conv(a, 16), nn.AdaptiveAvgPool2d(1), nn.Dropout(0.0, True), nn.Linear(16, nc)

    def forward(self, x):
        return self.linear(self.drop(self.pool(self.conv(x)).flatten(1))).softmax(1)


class Model(nn.Module):
    def __init__(self, layers, nc):
        super().__init__()
        self.model = nn.Sequential(*(layer for _, layer in layers))
        for i, (source, layer) in enumerate(layers):
            layer.f, layer.i, layer.type = source, i, type(layer).__name__
        self.save = [i for source, _ in layers for i in (source if isinstance(source, list) else [source]) if i != -1]
        self.names = {i: ["cat", "dog's", "bird"][i] for i in range(nc)}
        self.yaml, self.args = {"nc": nc, "ch": 3}, {"imgsz": 32}
        self.stride = torch.tensor([8.0, 16.0])

    def forward(self, x):
        made = []
        for layer in self.model:
            source = layer.f
            taken = [made[i] if i != -1 else (made[-1] if made else x) for i in (source if isinstance(source, list) else [source])]
            made.append(layer(taken if isinstance(source, list) else taken[0]))
        return made[-1]


def package(name, **classes):
    """Pickles name our classes as those of a package."""
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    for own, kind in classes.items():
        kind.__module__, kind.__qualname__, kind.__name__ = name, own, own
        setattr(sys.modules[name], own, kind)


def rounded(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.7g}") for v in tensor.detach().flatten().tolist()]}


def prepared(layers, nc):
    torch.manual_seed(0)
    model = Model(layers, nc).eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    if hasattr(model.model[-1], "stride"):
        model.model[-1].stride = torch.tensor([8.0, 16.0])
    return model.half().float()  # what a file in half precision holds


def save(model, half, file):
    saved = model.half() if half else model
    torch.save({"epoch": -1, "model": saved, "ema": None, "optimizer": None, "train_args": {"imgsz": 32}}, file)


def write(name, model, half):
    x = torch.rand(1, 3, 32, 32).requires_grad_()
    outputs = model(x)
    outputs = list(outputs) if isinstance(outputs, tuple) else [outputs]
    (gradient,) = torch.autograd.grad(sum(y.square().sum() for y in outputs), x)
    told = {"input": rounded(x), "outputs": [rounded(y) for y in outputs], "gradient": rounded(gradient)}
    (HERE / f"ultralytics_{name}.json").write_text(json.dumps(told) + "\n")
    save(model, half, HERE / f"ultralytics_{name}.pt")


up = lambda: nn.Upsample(None, 2, "nearest")


def body(block, deep):
    """To 1/16, back to 1/8: layers 3 (1/8) and 4 (1/16), joined in 7."""
    return [
        (-1, Conv(3, 8, 3, 2)), (-1, Conv(8, 8, 3, 2)), (-1, block(8, 8)), (-1, Conv(8, 16, 3, 2)), (-1, Conv(16, 16, 3, 2)),
        (-1, deep), (-1, up()), ([-1, 3], Concat()), (-1, block(32, 16)),
    ]  # fmt: skip


def networks():
    """(name, network, whether it is saved in half precision), one after the other: the last one's classes are named as its package has them."""
    torch.manual_seed(0)
    blocks = dict(Conv=Conv, DWConv=DWConv, Bottleneck=Bottleneck, C3=C3, C3k=C3k, C2f=C2f, C3k2=C3k2, SPPF=SPPF, Concat=Concat, Attention=Attention,
        PSABlock=PSABlock, C2PSA=C2PSA, AAttn=AAttn, ABlock=ABlock, A2C2f=A2C2f, DFL=DFL, Proto=Proto)  # fmt: skip
    package("ultralytics.nn.modules.block", **blocks)
    package("ultralytics.nn.modules.conv", Conv=Conv, DWConv=DWConv, Concat=Concat)
    head = "ultralytics.nn.modules.head"
    tasks = "ultralytics.nn.tasks"
    package(tasks, DetectionModel=Model)
    package(head, Detect=Detect)
    yield "v8", prepared([*body(C2f, SPPF(16, 16)), ([8, 5], Detect(3, (16, 16)))], 3), True
    package(head, Detect=Light)
    yield "v11", prepared([*body(lambda a, b: C3k2(a, b, 1, True), C2PSA(16)), ([8, 5], Light(3, (16, 16)))], 3), True
    yield "v12", prepared([*body(C3k2, A2C2f(16, 16, 1, 4)), (-1, A2C2f(16, 16, 1, 1, False)), ([9, 5], Light(3, (16, 16)))], 3), True
    package(tasks, PoseModel=Model)
    package(head, Pose=Pose)
    yield "v11_pose", prepared([*body(C3k2, C2PSA(16)), ([8, 5], Pose(1, (16, 16)))], 1), True
    package(tasks, SegmentationModel=Model)
    package(head, Detect=Detect, Segment=Segment)
    yield "v8_segment", prepared([*body(C2f, SPPF(16, 16)), ([8, 5], Segment(3, (16, 16)))], 3), True
    package(tasks, ClassificationModel=Model)
    package(head, Classify=Classify)
    yield "v8_classify", prepared([*body(C2f, C2f(16, 16))[:6], (-1, Classify(16, 3))], 3), False
    package("models.common", **{k: blocks[k] for k in ("Conv", "Bottleneck", "C3", "SPPF", "Concat", "Proto")})
    package("models.yolo", DetectionModel=Model, Detect=Anchored)
    yield "v5", prepared([*body(C3, SPPF(16, 16)), ([8, 5], Anchored(3, (16, 16)))], 3), True
    package("models.yolo", SegmentationModel=Model, Segment=Anchored)
    yield "v5_segment", prepared([*body(C3, SPPF(16, 16)), ([8, 5], Anchored(3, (16, 16), 3))], 3), True


if __name__ == "__main__":
    for each in networks():
        write(*each)
