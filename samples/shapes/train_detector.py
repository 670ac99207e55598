"""Trains a small detector of shapes, built as YOLOv8 is, and writes detector.onnx.

    pip install torch onnx numpy
    python train_detector.py

Two grids (strides 8 and 16) predict for each cell how far it is to the four sides of a box, as distributions over 8 distances
("Generalized Focal Loss", Li et al. 2020), and a sigmoid for each class.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

from shapes import NAMES, SIZE, batch

HERE = Path(__file__).parent
STRIDES = (8, 16)
BINS = 8
STEPS = 1500
SEED = 7


def block(inputs, outputs, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.SiLU()
    )


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(block(channels, channels), block(channels, channels))

    def forward(self, x):
        return x + self.body(x)


class Head(nn.Module):
    """The numbers of one grid: [N, 4 * BINS + classes, rows, columns]."""

    def __init__(self, channels):
        super().__init__()
        self.sides = nn.Sequential(block(channels, 48), nn.Conv2d(48, 4 * BINS, 1))
        self.classes = nn.Sequential(block(channels, 48), nn.Conv2d(48, len(NAMES), 1))
        nn.init.constant_(self.classes[-1].bias, -4.0)

    def forward(self, x):
        return torch.cat([self.sides(x), self.classes(x)], 1)


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(block(3, 16, 2), block(16, 32, 2), Residual(32))
        self.fine = nn.Sequential(block(32, 48, 2), Residual(48))
        self.coarse = nn.Sequential(block(48, 64, 2), Residual(64))
        self.merged = block(48 + 64, 48)
        self.heads = nn.ModuleList([Head(48), Head(64)])

    def raw(self, x):
        """The numbers of each grid, as they leave the heads."""
        fine = self.fine(self.stem(x))
        coarse = self.coarse(fine)
        above = F.interpolate(coarse, scale_factor=2.0, mode="nearest")
        merged = self.merged(torch.cat([above, fine], 1))
        return [head(maps) for head, maps in zip(self.heads, (merged, coarse))]

    def forward(self, x):
        """[N, 4 + classes, cells]: centre and size in pixels, and the probability of each class."""
        raw = torch.cat([maps.flatten(2) for maps in self.raw(x)], 2)
        sides, classes = raw.split((4 * BINS, len(NAMES)), 1)
        centres, strides = cells()
        spread = sides.view(-1, 4, BINS, sides.shape[-1]).softmax(2)
        far = (spread * torch.arange(BINS, dtype=torch.float32).view(1, 1, BINS, 1)).sum(2)
        low, high = centres - far[:, :2], centres + far[:, 2:]
        boxes = torch.cat([(low + high) / 2, high - low], 1) * strides
        return torch.cat([boxes, classes.sigmoid()], 1)


def cells():
    """The centres of all cells in units of their stride [2, cells] (x, y), and the strides [1, cells]."""
    centres, strides = [], []
    for stride in STRIDES:
        side = torch.arange(SIZE // stride) + 0.5
        y, x = torch.meshgrid(side, side, indexing="ij")
        centres.append(torch.stack([x.flatten(), y.flatten()]))
        strides.append(torch.full((1, x.numel()), float(stride)))
    return torch.cat(centres, 1), torch.cat(strides, 1)


def assign(boxes, kinds):
    """Which cells have to find a box: those within 1.5 strides of its centre, on the grid that suits its size.
    Sides [4, cells] in strides, kinds [cells]; -1: none."""
    centres, strides = cells()
    points = centres * strides
    sides = torch.zeros(4, points.shape[1])
    owners = torch.full((points.shape[1],), -1)
    for box, kind in zip(torch.from_numpy(boxes), kinds):
        low, high = box[:2, None], box[2:, None]
        level = STRIDES[0] if (high - low).max() < 30 else STRIDES[1]
        near = ((points - (low + high) / 2).abs() <= 1.5 * strides).all(0)
        inside = (points > low).all(0) & (points < high).all(0)
        own = near & inside & (strides[0] == level)
        sides[:, own] = (torch.cat([points - low, high - points]) / strides)[:, own]
        owners[own] = int(kind)
    return sides, owners


def loss_of(raw, targets):
    """Cross-entropy of the classes, and of the distances' two nearest bins with the overlap of the boxes."""
    raw = torch.cat([maps.flatten(2) for maps in raw], 2)
    sides, owners = (torch.stack(part) for part in zip(*targets))
    wanted = F.one_hot(owners.clamp(min=0), len(NAMES)).permute(0, 2, 1).float()
    wanted = wanted * (owners >= 0)[:, None]
    chosen = owners >= 0
    count = chosen.sum().clamp(min=1)
    classes = F.binary_cross_entropy_with_logits(raw[:, 4 * BINS :], wanted, reduction="sum") / count
    spread = raw[:, : 4 * BINS].view(len(raw), 4, BINS, -1).permute(0, 3, 1, 2)[chosen]
    true = sides.permute(0, 2, 1)[chosen].clamp(0, BINS - 1.01)
    left = true.long()
    share = true - left
    flat = spread.reshape(-1, BINS)
    bins = F.cross_entropy(flat, left.flatten(), reduction="none") * (1 - share.flatten())
    bins = bins + F.cross_entropy(flat, left.flatten() + 1, reduction="none") * share.flatten()
    far = (spread.softmax(-1) * torch.arange(BINS)).sum(-1)
    least, most = torch.minimum(far, true), torch.maximum(far, true)
    shared = (least[:, 0] + least[:, 2]) * (least[:, 1] + least[:, 3])
    both = (far[:, 0] + far[:, 2]) * (far[:, 1] + far[:, 3])
    both = both + (true[:, 0] + true[:, 2]) * (true[:, 1] + true[:, 3]) - shared
    hull = (most[:, 0] + most[:, 2]) * (most[:, 1] + most[:, 3])
    overlap = shared / both - (hull - both) / hull
    return classes + bins.mean() + 2 * (1 - overlap).mean()


def export(network, file, outputs):
    """The network as ONNX, with what a file of Ultralytics says of itself."""
    torch.onnx.export(
        network, torch.zeros(1, 3, SIZE, SIZE), file,
        input_names=["images"], output_names=outputs, opset_version=17, dynamo=False,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
    )  # fmt: skip
    model = onnx.load(file)
    facts = {"names": dict(enumerate(NAMES)), "stride": STRIDES[-1], "task": "detect", "imgsz": [SIZE, SIZE]}
    for key, value in facts.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, file)


def main():
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    network = Detector()
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, STEPS)
    for step in range(STEPS):
        pictures, boxes, kinds, _ = batch(random, 24)
        loss = loss_of(network.raw(torch.from_numpy(pictures)), [assign(*own) for own in zip(boxes, kinds)])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(step, loss.item(), flush=True)
    network.eval()
    export(network, str(HERE / "detector.onnx"), ["output0"])


if __name__ == "__main__":
    main()
