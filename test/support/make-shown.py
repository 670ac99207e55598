"""Writes test/golden/data/targets/detector.pt2 and segmentation.pt2: tiny networks with random weights, for the code that a panel shows.
The test runs that code in PyTorch and compares what it prints.

    python -m venv torch && torch/bin/pip install torch==2.7.1 numpy && torch/bin/python test/support/make-shown.py
"""

import os

import torch
from exported import pack, without_places
from torch import nn

OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "targets")
CLASSES = 3


def step(inputs, outputs, stride=2):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1), nn.SiLU())


class Detector(nn.Module):
    """[N, 3, 64, 64] to [N, 4 + classes, 84]: centres and sizes in pixels, and a sigmoid for each class, of strides 8, 16 and 32."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(step(3, 8), step(8, 8))
        self.stages = nn.ModuleList([step(8, 12), step(12, 12), step(12, 12)])
        self.boxes = nn.ModuleList([nn.Conv2d(12, 4, 1) for _ in self.stages])
        self.classes = nn.ModuleList([nn.Conv2d(12, CLASSES, 1) for _ in self.stages])
        places = [(i, side, 64 // side) for i, side in enumerate((8, 4, 2))]
        cells = [(c + 0.5, r + 0.5, s) for _, side, s in places for r in range(side) for c in range(side)]
        self.register_buffer("centres", torch.tensor([[x, y] for x, y, _ in cells]).T[None])
        self.register_buffer("strides", torch.tensor([[float(s) for _, _, s in cells]])[None])

    def forward(self, x):
        x = self.stem(x)
        sides, scores = [], []
        for stage, boxes, classes in zip(self.stages, self.boxes, self.classes):
            x = stage(x)
            sides.append(boxes(x).flatten(2))
            scores.append(classes(x).flatten(2))
        sides, scores = torch.cat(sides, 2), torch.cat(scores, 2)
        first, last = self.centres - sides[:, :2], self.centres + sides[:, 2:]
        boxes = torch.cat([(first + last) / 2, last - first], 1) * self.strides
        return torch.cat([boxes, scores.sigmoid()], 1)


def segmentation():
    """[N, 3, 32, 32] to the logits [N, classes, 32, 32]."""
    return nn.Sequential(step(3, 8), step(8, 12, 1), nn.Upsample(scale_factor=2), nn.Conv2d(12, CLASSES, 1))


def write(name, model, side):
    torch.manual_seed(5)
    for parameter in model.parameters():
        nn.init.normal_(parameter, 0, 0.3)
    x = torch.zeros(2, 3, side, side)
    program = torch.export.export(model.eval(), (x,), dynamic_shapes=({0: torch.export.Dim.AUTO},))
    file = os.path.join(OUT, name)
    torch.export.save(without_places(program), file)
    pack(file)


write("detector.pt2", Detector(), 64)
write("segmentation.pt2", segmentation(), 32)
