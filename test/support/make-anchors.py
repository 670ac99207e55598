"""Writes test/golden/data/anchors: tiny detectors that end at torchvision's heads, without its anchors, and the boxes that torchvision decodes.

    python -m venv env && env/bin/pip install torch torchvision onnx && env/bin/python test/support/make-anchors.py

boxes.json: by the file's name, [place, class, score, x, y, width, height] of its surest boxes. The picture is made of numbers that the
test makes alike.
"""

import json
import os

import numpy as np
import torch
from torch import nn
from torchvision.models.detection.anchor_utils import AnchorGenerator, DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNet, RetinaNetHead, _default_anchorgen
from torchvision.models.detection.ssd import SSDHead
from torchvision.models.detection.ssdlite import SSDLiteHead
from torchvision.models.detection._utils import BoxCoder

OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "anchors")
CLASSES = 4
WIDTH = 4


def picture(height, width):
    index = np.arange(height * width * 3)
    return torch.from_numpy((index * 7919 % 997 / 997).astype("float32").reshape(1, height, width, 3).transpose(0, 3, 1, 2).copy())


def down(channels, **how):
    return nn.Sequential(nn.Conv2d(channels, WIDTH, 3, **how), nn.ReLU())


class Detector(nn.Module):
    """Maps one after the other, of which those from `first` on go to the head."""

    def __init__(self, steps, first, head):
        super().__init__()
        self.steps = nn.ModuleList(down(3 if i == 0 else WIDTH, **how) for i, how in enumerate(steps))
        self.first, self.head = first, head

    def maps(self, x):
        found = []
        for step in self.steps:
            x = step(x)
            found.append(x)
        return found[self.first :]

    def forward(self, x):
        told = self.head(self.maps(x))
        return told["bbox_regression"], told["cls_logits"]


HALF = {"stride": 2, "padding": 1}


def networks():
    boxes = DefaultBoxGenerator(
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]], scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], steps=[8, 16, 32, 64, 100, 300]
    )
    head = SSDHead([WIDTH] * 6, boxes.num_anchors_per_location(), CLASSES)
    yield "ssd300", Detector([HALF] * 6 + [{}, {}], 2, head), boxes, BoxCoder((10.0, 10.0, 5.0, 5.0)), (300, 300)
    boxes = DefaultBoxGenerator([[2, 3] for _ in range(6)], min_ratio=0.2, max_ratio=0.95)
    head = SSDLiteHead([WIDTH] * 6, boxes.num_anchors_per_location(), CLASSES, nn.BatchNorm2d)
    yield "ssdlite320", Detector([HALF] * 9, 3, head), boxes, BoxCoder((10.0, 10.0, 5.0, 5.0)), (320, 320)
    anchors = _default_anchorgen()
    head = RetinaNetHead(WIDTH, 9, CLASSES)
    yield "retinanet", Detector([HALF] * 7, 2, head), anchors, BoxCoder((1.0, 1.0, 1.0, 1.0)), (104, 88)


def main():
    os.makedirs(OUT, exist_ok=True)
    told = {}
    for name, network, anchors, coder, size in networks():
        torch.manual_seed(5)
        for key, value in network.named_parameters():
            nn.init.normal_(value, 0, 0.22 if "bias" not in key else 0.2)
        network.eval()
        x = picture(*size)
        with torch.no_grad():
            deltas, logits = network(x)
            found = coder.decode_single(deltas[0], anchors(ImageList(x, [size]), network.maps(x))[0])
        scores = logits[0].sigmoid() if name == "retinanet" else logits[0].softmax(1)
        best, kind = (scores if name == "retinanet" else scores[:, 1:]).max(1)
        kind = kind if name == "retinanet" else kind + 1
        rows = []
        for place in best.argsort(descending=True)[:: max(1, len(best) // 40)].tolist():
            left, top, right, bottom = found[place].tolist()
            rows.append([place, int(kind[place]), *[float(f"{v:.7g}") for v in (float(best[place]), left, top, right - left, bottom - top)]])
        told[name] = rows
        file = os.path.join(OUT, f"{name}.onnx")
        torch.onnx.export(network, x, file, dynamo=False, input_names=["picture"], output_names=["bbox_regression", "cls_logits"])
        print(name, deltas.shape, os.path.getsize(file), float(deltas.abs().max()), rows[0], rows[-1])
    with open(os.path.join(OUT, "boxes.json"), "w") as out:
        parts = (f"\n{json.dumps(name)}: [\n  " + ",\n  ".join(map(json.dumps, rows)) + "\n]" for name, rows in told.items())
        out.write("{" + ",".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
