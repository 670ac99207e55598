"""Writes test/golden/data/layouts: tiny networks whose outputs lie as files of others have them, and what PyTorch says of a picture.

    python -m venv env && env/bin/pip install torch onnx && env/bin/python test/support/make-layouts.py

wanted.json: by the file's name, [box, class, score, x, y, width, height] of every box in pixels; of maps how many positions have each
class; of letters the surest of each step. The picture is x.npy.
"""

import json
import os

import numpy as np
import torch
from torch import nn

OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "layouts")
SIDE, STRIDE, CLASSES = 32, 8, 3
torch.manual_seed(5)
os.makedirs(OUT, exist_ok=True)
picture = torch.rand(1, 3, SIDE, SIDE)
np.save(os.path.join(OUT, "x.npy"), picture.numpy().transpose(0, 2, 3, 1))


def grid(stride):
    cells = torch.arange(SIDE // stride) + 0.5
    rows, columns = torch.meshgrid(cells, cells, indexing="ij")
    return torch.stack([columns, rows], -1).view(-1, 2) * stride


def flat(maps):
    return maps.flatten(2).transpose(1, 2)


class Detector(nn.Module):
    """Heads of their own for coordinates, scores and, where there is one, an objectness, at two strides."""

    def __init__(self, put):
        super().__init__()
        self.put = put
        self.fine = nn.Sequential(nn.Conv2d(3, 6, 8, STRIDE), nn.ReLU())
        self.coarse = nn.Sequential(nn.Conv2d(6, 6, 3, 2, 1), nn.ReLU())
        heads = {"sides": 4, "classes": CLASSES, "objects": 1}
        self.heads = nn.ModuleDict({name: nn.ModuleList([nn.Conv2d(6, n, 1) for _ in range(2)]) for name, n in heads.items()})
        for head in self.heads["classes"]:
            nn.init.normal_(head.weight, 0, 3)
        self.register_buffer("points", torch.cat([grid(STRIDE), grid(2 * STRIDE)]))
        self.register_buffer("strides", torch.cat([torch.full((len(grid(s)), 1), float(s)) for s in (STRIDE, 2 * STRIDE)]))

    def of(self, maps, name):
        return torch.cat([flat(head(one)) for head, one in zip(self.heads[name], maps)], 1)

    def parts(self, x):
        fine = self.fine(x)
        maps = [fine, self.coarse(fine)]
        sides = self.of(maps, "sides").exp()
        low, high = self.points - sides[..., :2] * self.strides, self.points + sides[..., 2:] * self.strides
        return sides, low, high, self.of(maps, "classes").sigmoid(), self.of(maps, "objects").sigmoid()

    def forward(self, x):
        return self.put(*self.parts(x))


def corners(low, high):
    return torch.cat([low, high], -1)


def centre(low, high):
    return torch.cat([(low + high) / 2, high - low], -1)


LAYOUTS = {
    "rows": lambda sides, low, high, scores, objects: torch.cat([centre(low, high), scores], -1),
    "corners": lambda sides, low, high, scores, objects: torch.cat([corners(low, high), scores], -1).transpose(1, 2),
    "shares": lambda sides, low, high, scores, objects: torch.cat([corners(low, high) / SIDE, scores], -1),
    "objects": lambda sides, low, high, scores, objects: torch.cat([centre(low, high), objects, scores], -1),
    "beside": lambda sides, low, high, scores, objects: (scores, corners(low, high)),
    "beside_centre": lambda sides, low, high, scores, objects: (centre(low, high) / SIDE, scores),
    "distances": lambda sides, low, high, scores, objects: (scores, sides, objects),
}


class Places(nn.Module):
    """Classes of positions, by their numbers; or letters, with the axis of steps first."""

    def __init__(self, letters):
        super().__init__()
        self.letters = letters
        self.maps = nn.Sequential(nn.Conv2d(3, 6, 3, 4, 1), nn.ReLU(), nn.Conv2d(6, 5, 1))

    def scores(self, x):
        maps = self.maps(x)
        return maps.mean(2).permute(2, 0, 1).log_softmax(2) if self.letters else maps

    def forward(self, x):
        scores = self.scores(x)
        return scores if self.letters else scores.argmax(1)


def save(name, network, outputs):
    torch.onnx.export(
        network, (picture,), os.path.join(OUT, f"{name}.onnx"), input_names=["x"],
        output_names=outputs, dynamo=False, opset_version=17,
    )


wanted = {}
with torch.no_grad():
    for name, put in LAYOUTS.items():
        network = Detector(put).eval()
        several = isinstance(network(picture), tuple)
        save(name, network, ["a", "b", "c"][: len(network(picture))] if several else ["a"])
        sides, low, high, scores, objects = (part[0] for part in network.parts(picture))
        sure = scores * objects if name == "objects" else scores
        rects = torch.cat([low, high - low], 1)
        wanted[name] = [
            [box, int(sure[box].argmax()), float(sure[box].max()), *rects[box].tolist()] for box in range(len(sure))
        ]
    maps, letters = Places(False).eval(), Places(True).eval()
    save("class_numbers", maps, ["a"])
    save("letters", letters, ["a"])
    wanted["class_numbers"] = torch.bincount(maps(picture).flatten(), minlength=5).tolist()
    wanted["letters"] = letters(picture)[:, 0].argmax(1).tolist()
with open(os.path.join(OUT, "wanted.json"), "w") as file:
    json.dump({name: [[round(n, 5) for n in row] if isinstance(row, list) else row for row in rows] for name, rows in wanted.items()}, file)
    file.write("\n")
