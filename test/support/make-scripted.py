"""Writes the tiny TorchScript archives under test/models/torch with the numbers that PyTorch computes. PyTorch 2.7."""

import json
import pathlib
import zipfile
from typing import Dict, List, Optional

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "torch"


class Squeeze(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.pool, self.down, self.up = nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.up(F.relu(self.down(self.pool(x)))))


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm, self.act, self.squeeze = nn.BatchNorm2d(channels), nn.ReLU(inplace=True), Squeeze(channels)

    def forward(self, x):
        y = self.squeeze(self.act(self.norm(self.conv(x))))
        y += x
        return self.act(y)


class Residual(nn.Module):
    """What a trace of a classifier holds: modules, changes in place, a size in a view."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, stride=2)
        self.blocks = nn.Sequential(Block(6), Block(6))
        self.head = nn.Linear(6 * 4 * 3, 3)

    def forward(self, x):
        x = F.max_pool2d(self.blocks(self.stem(x)), 2)
        return self.head(x.view(x.shape[0], -1))


class Dense(nn.Module):
    """Loops over modules, lists that grow, conditions on sizes and settings, a method of its own, defaults."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(1 + 2 * i, 2, 3, padding=1) for i in range(3)])
        self.norm = nn.GroupNorm(7, 7)
        self.drop = nn.Dropout(0.5)
        self.scale: Optional[float] = None
        self.head = nn.Linear(7 * 7 * 7, 4)

    def joined(self, parts: List[torch.Tensor], twice: bool = False) -> torch.Tensor:
        out = torch.cat(parts, 1)
        if twice:
            out = out * 2.0
        return out

    def forward(self, x, mask: Optional[torch.Tensor] = None):
        if x.dim() != 4:
            raise ValueError("a picture is wanted, not {}".format(x.shape))
        parts = [x]
        for layer in self.layers:
            parts.append(F.elu(layer(self.joined(parts))))
        x = self.joined(parts, True)
        if mask is not None:
            x = x * mask
        x = F.avg_pool2d(self.norm(x), 4)
        steps = 0
        while steps < 2:
            x = F.leaky_relu(x, 0.1 + 0.1 * float(steps))
            steps += 1
        if self.scale is not None:
            x = x * self.scale
        return self.head(self.drop(torch.flatten(x, 1)))


class Pyramid(nn.Module):
    """Sizes of maps, resized maps, and several outputs by name."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.mask, self.edge = nn.Conv2d(8, 1, 1), nn.Conv2d(4, 2, 1)

    def forward(self, x) -> Dict[str, torch.Tensor]:
        size = x.shape[-2:]
        a = F.hardswish(self.down1(x))
        b = F.silu(self.down2(a))
        up = self.up(b)
        up = F.pad(up, [0, a.shape[3] - up.shape[3], 0, a.shape[2] - up.shape[2]])
        both = torch.cat([a, up], 1)
        return {
            "mask": F.interpolate(self.mask(both), size=size, mode="bilinear", align_corners=False),
            "edge": F.interpolate(self.edge(a), scale_factor=2.0, mode="nearest"),
        }


class Tokens(nn.Module):
    """Patches, a class token, attention with sizes worked out from the picture's."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, stride=4)
        self.token, self.places = nn.Parameter(torch.randn(1, 1, 8)), nn.Parameter(torch.randn(1, 17, 8))
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        n = x.shape[0]
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(n, -1, -1), x], 1) + self.places
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, t, 3, 2, c // 2).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = ((q @ k.transpose(-2, -1)) * (c // 2) ** -0.5).softmax(-1) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(b, t, c))
        return F.gelu(self.head(x[:, 0]))


class Strange(nn.Module):
    """One module with an operation that is not known here, and one whose code depends on the numbers."""

    class Unknown(nn.Module):
        def forward(self, x):
            return torch.cummax(x, 1)[0]

    def __init__(self):
        super().__init__()
        self.conv, self.unknown, self.head = nn.Conv2d(3, 4, 3), Strange.Unknown(), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        return self.head(self.unknown(self.conv(x)))


def rounded(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.7g}") for v in tensor.detach().flatten().tolist()]}


def expect(name, model, x):
    x = x.clone().requires_grad_()
    outputs = model(x)
    outputs = list(outputs.values()) if isinstance(outputs, dict) else [outputs]
    (gradient,) = torch.autograd.grad(sum(y.square().sum() for y in outputs), x)
    told = {"input": rounded(x), "outputs": [rounded(y) for y in outputs], "gradient": rounded(gradient)}
    (HERE / f"script_{name}.json").write_text(json.dumps(told) + "\n")


def save(name, program, lite=False):
    """Without the records of where the code stood on this machine."""
    file = HERE / f"script_{name}"
    program._save_for_lite_interpreter(str(file)) if lite else program.save(file)
    with zipfile.ZipFile(file) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist() if not info.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(file, "w") as archive:
        for info, data in members:
            archive.writestr(info, data)


def settled(model):
    torch.manual_seed(0)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return model.eval()


def main():
    torch.manual_seed(0)
    residual, dense, pyramid, tokens = (settled(m) for m in (Residual(), Dense(), Pyramid(), Tokens()))
    picture = torch.randn(2, 3, 17, 14)
    save("residual.pt", torch.jit.trace(residual, picture[:1]))
    expect("residual", residual, picture)
    save("dense.pt", torch.jit.script(dense))
    expect("dense", dense, torch.randn(2, 1, 28, 28))
    save("pyramid.pt", torch.jit.script(pyramid))
    expect("pyramid", pyramid, torch.randn(2, 2, 8, 12))
    save("tokens.pt", torch.jit.trace(tokens, torch.randn(1, 3, 16, 16)))
    expect("tokens", tokens, torch.randn(2, 3, 16, 16))
    save("frozen.pt", torch.jit.freeze(torch.jit.script(dense)))
    save("lite.ptl", torch.jit.script(dense), lite=True)
    save("strange.pt", torch.jit.script(settled(Strange())))


main()
