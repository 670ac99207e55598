"""Writes the tiny exported programs under test/models/torch with the numbers that PyTorch computes.

Run it with PyTorch 2.7 or older (the layout of `ops.pt2`) and again with 2.8 or newer (`tiny_new.pt2`): each writes its own files.
"""

import json
import pathlib
import sys
import zipfile

import torch
import torch.nn.functional as F
from torch import nn

SCRIPT = pathlib.Path(__file__).resolve()
HERE = SCRIPT.parent.parent / "models" / "torch"
NEW = tuple(int(n) for n in torch.__version__.split("+")[0].split(".")[:2]) >= (2, 8)


class Tiny(nn.Module):
    """A free batch, free rows; a constant; a part of the picture."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.register_buffer("scale", torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 4, 1, 1))

    def forward(self, x):
        x = self.pool(torch.relu(self.norm(self.conv(x)))) * self.scale + torch.tensor([0.5])
        return x.view(x.size(0), -1).chunk(2, 1)[0]


class Block(nn.Module):
    """Changes in place, the same module twice."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        before = self.conv(x)
        before.mul_(2.0)
        before += x
        return self.act(before) + self.act(-x)


class Standardised(nn.Conv2d):
    def forward(self, x):
        weight = F.batch_norm(
            self.weight.reshape(1, self.out_channels, -1), None, None, training=True, momentum=0.0
        ).reshape_as(self.weight)
        return F.conv2d(x, weight, self.bias, self.stride, self.padding)


class Settings(nn.Module):
    """Settings that are seldom told: factors that no size follows from, statistics that were counted, truth values as places."""

    def __init__(self):
        super().__init__()
        self.norm = nn.InstanceNorm2d(4, affine=True, track_running_stats=True)
        self.register_buffer("mask", torch.tensor([True, False, True, False]))

    def forward(self, x):
        return (
            F.interpolate(x, scale_factor=1.5, mode="bilinear"),
            F.interpolate(x, scale_factor=0.5, mode="bilinear"),
            F.interpolate(x, scale_factor=0.7, mode="nearest"),
            F.interpolate(x, scale_factor=(1.3, 2.0), mode="bicubic"),
            F.interpolate(x, scale_factor=1.5, mode="bilinear", align_corners=True),
            F.interpolate(x, scale_factor=1.3, mode="bilinear", recompute_scale_factor=True),
            self.norm(x),
            x[:, self.mask],
            F.softplus(x, beta=2.0, threshold=0.5),
        )


class Ops(nn.Module):
    """Each output goes through operations that others do not."""

    def __init__(self):
        super().__init__()
        self.block = Block()
        self.grouped = nn.Conv2d(4, 6, 3, groups=2, padding=1, dilation=1)
        self.depthwise = nn.Conv2d(4, 8, 3, groups=4, padding="same", dilation=2)
        self.up = nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1)
        self.line = nn.Conv1d(4, 3, 3, padding=1)
        self.std = Standardised(4, 3, 3, padding=1)
        self.circular = nn.Conv2d(4, 2, 3, padding=1, padding_mode="circular")
        self.layer_norm = nn.LayerNorm(4)
        self.group_norm = nn.GroupNorm(2, 4)
        self.prelu = nn.PReLU(4)
        self.fc = nn.Linear(4, 5)
        self.attention = nn.Linear(4, 12)

    def forward(self, x):
        n = x.shape[0]
        last = self.layer_norm(x.permute(0, 2, 3, 1))
        q, k, v = self.attention(last.reshape(n, 36, 4)).reshape(n, 36, 3, 2, 2).permute(2, 0, 3, 1, 4).unbind(0)
        a, b = x.chunk(2, 1)
        parts = x.split([1, 3], 1)
        return (
            self.block(x),
            self.grouped(x),
            self.depthwise(x),
            self.up(x),
            self.line(x.flatten(2)),
            self.std(x),
            self.circular(x),
            F.gelu(last).permute(0, 3, 1, 2),
            F.hardswish(self.group_norm(x)) + F.mish(x) - F.elu(x, 0.5) * F.silu(x),
            self.prelu(F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=True)),
            F.max_pool2d(x, 3, 2, 1, dilation=1) / F.avg_pool2d(x, 3, 2, 1, count_include_pad=False).abs().clamp(0.1, 2),
            F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
            F.interpolate(x, size=(9, 5), mode="nearest"),
            F.interpolate(x, size=(8, 8), mode="bicubic", align_corners=True),
            F.pad(x, (1, 2, 0, 1), mode="reflect"),
            F.pixel_shuffle(torch.cat([x, x.flip(3)], 1), 2),
            F.channel_shuffle(x, 2) * torch.sigmoid(a.mean((2, 3), keepdim=True)).repeat(1, 2, 1, 1),
            F.scaled_dot_product_attention(q, k, v),
            F.log_softmax(self.fc(F.adaptive_avg_pool2d(x, (4, 2)).amax((2, 3))), 1),
            torch.roll(x, 1, 2)[:, 1:3, ::2].sum(1) + parts[1].var(1)[:, ::2] + torch.where(b > 0, b, -b).std(1)[:, ::2],
            torch.stack([a, b], 1).transpose(1, 2).reshape(n, 4, 6, 6) @ x,
            F.normalize(x, dim=1),
        )


class Core(nn.Module):
    """What is left of the usual layers when a program is decomposed into core ATen operators."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.layer_norm = nn.LayerNorm(4)
        self.group_norm = nn.GroupNorm(2, 4)
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        y = F.relu6(self.norm(self.conv(x)), inplace=True)
        a, b = F.max_pool2d(y, 3, 2, 1).split(2, 1)
        last = F.gelu(self.layer_norm(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)
        pooled = F.dropout(F.adaptive_avg_pool2d(y, 1), 0.5, self.training)
        return (
            self.up(y),
            torch.cat([b, a], 1) + F.avg_pool2d(x, 2),
            last + self.group_norm(x),
            F.softmax(self.fc(torch.flatten(pooled, 1)), 1),
            F.hardsigmoid(x.mean((2, 3), keepdim=True)) * x,
            F.interpolate(x, scale_factor=2, mode="nearest"),
        )


class Strided(nn.Module):
    """as_strided that is the tensor itself, a reshape, and with a step along an axis of length 1 that means nothing."""

    def forward(self, x):
        last = x.permute(0, 2, 3, 1)
        pooled = x.mean((2, 3), keepdim=True)
        return (
            last.as_strided(last.shape, last.stride()) * 2,
            x.as_strided((2, 5, 12), (60, 12, 1)) * 3,
            pooled.as_strided((2, 3, 1, 1), (3, 1, 3, 3)) * 4,
        )


class Tokens(nn.Module):
    """What a batch of a fixed size is mistaken for: windows, a class token, a mask painted in place; a part under a setting."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 2, stride=2)
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.head = nn.Linear(8, 5)

    def windows(self, x):
        n = x.shape[0]
        return x.view(n, 2, 2, 2, 2, -1).transpose(2, 3).reshape(n * 4, 4, -1)

    def mask(self, x):
        parts = x.new_zeros((4, 4))
        for i, rows in enumerate([slice(0, -2), slice(-2, -1), slice(-1, None)]):
            for j, columns in enumerate([slice(0, -2), slice(-2, -1), slice(-1, None)]):
                parts[rows, columns] = 3 * i + j
        parts = parts.view(2, 2, 2, 2).permute(0, 2, 1, 3).reshape(4, 4)
        apart = parts.unsqueeze(1) - parts.unsqueeze(2)
        return apart.masked_fill(apart != 0, -100.0)

    def forward(self, x):
        n = x.shape[0]
        x = torch.roll(self.patches(x).permute(0, 2, 3, 1), (-1, -1), (1, 2))
        q, k, v = self.qkv(self.windows(self.norm(x))).reshape(n * 4, 4, 3, 2, 4).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)).view(n, 4, 2, 4, 4) + self.mask(x).unsqueeze(1).unsqueeze(0)
        seen = (scores.view(-1, 2, 4, 4).softmax(-1) @ v).transpose(1, 2).reshape(n * 4, 4, 8)
        tokens = torch.cat([self.token.expand(n, -1, -1), seen.view(n, 16, 8)], 1)
        with torch.autocast("cpu", enabled=False):
            tokens = tokens / tokens.float().norm(dim=-1, keepdim=True)
        mean = tokens.mean(1)
        steps = torch.ceil(mean) + torch.round(3 * mean) + torch.trunc(2 * mean) + torch.remainder(mean, 0.3)
        return self.head(tokens[:, 0] + torch.cumsum(mean, 1)), steps, tokens.argmax(-1).float()


class Windows(nn.Module):
    """as_strided that no graph can tell: another order of axes, overlapping windows, a part."""

    def forward(self, x):
        return x.as_strided((2, 5, 4, 3), (60, 1, 5, 20)), x.as_strided((2, 59, 2), (60, 1, 1)), x.as_strided((1, 60), (60, 1), 60)


def clean(name):
    """Where the script and its Python lie is nobody's business."""
    file = HERE / name
    members = []
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            data = archive.read(info)
            data = data.replace(str(SCRIPT).encode(), b"/home/someone/project/net.py")
            members.append((info, data.replace(sys.prefix.encode(), b"/usr")))
    with zipfile.ZipFile(file, "w") as archive:
        for info, data in members:
            archive.writestr(info, data)


def export(name, model, x, **how):
    exported = torch.export.export(model, (x,), **how)
    torch.export.save(exported, HERE / name)
    clean(name)


def expect(name, model, x):
    x = x.clone().requires_grad_()
    outputs = model(x)
    outputs = [outputs] if torch.is_tensor(outputs) else list(outputs)
    (g,) = torch.autograd.grad(sum((y * y).sum() for y in outputs), x)
    rounded = lambda t: {"shape": list(t.shape), "data": [float(f"{v:.7g}") for v in t.detach().reshape(-1).tolist()]}
    told = {"input": rounded(x), "outputs": [rounded(y) for y in outputs], "gradient": rounded(g)}
    (HERE / name).write_text(json.dumps(told) + "\n")


def main():
    torch.manual_seed(0)
    tiny = Tiny().eval()
    tiny.norm.running_mean.normal_(0, 0.1)
    tiny.norm.running_var.uniform_(0.5, 1.5)
    picture = torch.randn(2, 3, 9, 7)
    free = {"x": {0: torch.export.Dim("n"), 2: torch.export.Dim("rows", min=8, max=64)}}
    export("tiny_new.pt2" if NEW else "tiny.pt2", tiny, picture, dynamic_shapes=free)
    if NEW:
        return
    expect("tiny_pt2.json", tiny, picture)
    ops = Ops().eval()
    with torch.no_grad():
        for parameter in ops.parameters():
            parameter.add_(torch.randn(parameter.shape) * 0.1)
    x = torch.randn(2, 4, 6, 6)
    export("ops.pt2", ops, x)
    expect("ops.json", ops, x)
    core = Core().eval()
    core.norm.running_mean.normal_(0, 0.1)
    core.norm.running_var.uniform_(0.5, 1.5)
    exported = torch.export.export(core, (x,)).run_decompositions()
    torch.export.save(exported, HERE / "core.pt2")
    clean("core.pt2")
    expect("core.json", core, x)
    torch.manual_seed(5)
    settings = Settings().eval()
    settings.norm.running_mean.normal_(0, 0.5)
    settings.norm.running_var.uniform_(0.5, 1.5)
    picture = torch.randn(2, 4, 5, 7)
    export("settings.pt2", settings, picture)
    expect("settings.json", settings, picture)
    torch.manual_seed(3)
    picture = torch.randn(2, 3, 4, 5)
    export("strided.pt2", Strided(), picture)
    expect("strided.json", Strided(), picture)
    export("windows.pt2", Windows(), picture)
    torch.manual_seed(4)
    tokens = Tokens().eval()
    picture = torch.randn(3, 3, 8, 8)
    for batch in (1, 2, 3):
        export(f"tokens_{batch}.pt2", tokens, picture[:batch])
    expect("tokens.json", tokens, picture[:2])


main()
