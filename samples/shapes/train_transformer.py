"""Trains a small vision transformer that names the shape in a picture, and writes transformer.pt2.

    pip install torch onnx numpy
    python train_detector.py && python train_transformer.py

A hybrid (Dosovitskiy et al. 2021, 3.1): its tokens are the cells of the detector's first maps, which stay as they are.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from shapes import NAMES, SIZE, batch
from train_detector import Detector, STRIDES

HERE = Path(__file__).parent
PATCH = STRIDES[0]
WIDTH = 64
HEADS = 4
STEPS = 500
PICTURES = 2000
SEED = 7


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        count, tokens, _ = x.shape
        qkv = self.qkv(x).reshape(count, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        shares = (q @ k.transpose(-2, -1) * (WIDTH // HEADS) ** -0.5).softmax(-1)
        return self.out((shares @ v).transpose(1, 2).reshape(count, tokens, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attention = Attention()
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        cells = (SIZE // PATCH) ** 2
        detector = Detector()
        self.features = nn.Sequential(detector.stem, detector.fine)
        self.patches = nn.Linear(48, WIDTH)
        self.token = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.places = nn.Parameter(0.02 * torch.randn(1, 1 + cells, WIDTH))
        self.blocks = nn.ModuleList([Block() for _ in range(depth)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, len(NAMES))

    def forward(self, picture):
        return self.read(self.features(picture))

    def read(self, maps):
        x = self.patches(maps.flatten(2).transpose(1, 2))
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.places
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def detector_weights():
    """What detector.onnx holds, by the names of its parameters."""
    stored = onnx.load(str(HERE / "detector.onnx")).graph.initializer
    return {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in stored}


def main():
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    network = Transformer().eval()
    detector = Detector()
    detector.load_state_dict(detector_weights(), strict=False)
    network.features = nn.Sequential(detector.stem, detector.fine).eval().requires_grad_(False)
    pictures, _, kinds, _ = batch(random, PICTURES, most=1)
    kinds = torch.from_numpy(np.concatenate(kinds))
    maps = torch.cat([network.features(part) for part in torch.from_numpy(pictures).split(50)])
    own = [value for value in network.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(own, 1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, STEPS, pct_start=0.1)
    for step in range(STEPS):
        some = torch.from_numpy(random.integers(PICTURES, size=32))
        found = network.read(maps[some])
        loss = F.cross_entropy(found, kinds[some])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(own, 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(step, loss.item(), (found.argmax(1) == kinds[some]).float().mean().item(), flush=True)
    program = torch.export.export(network, (torch.zeros(1, 3, SIZE, SIZE),))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # it names files of this machine
    torch.export.save(program, HERE / "transformer.pt2")


if __name__ == "__main__":
    main()
