"""Writes test/golden/data/resized.json: pictures as torchvision's Resize and CenterCrop, and Pillow's resize, make them (levels, row by row).

    venv/bin/python test/support/make-resized.py        with requirements-torch.txt of test/conformance/environments, and pillow==11.3.0

Pillow rounds between its two passes. Along rows it goes first; the newest resizes some tall pictures along columns first, which moves single levels.
timm's own transforms are asked too, and must agree where they have the same settings.
"""

import json
import pathlib

import numpy as np
from PIL import Image
from timm.data import create_transform
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

OUT = pathlib.Path(__file__).resolve().parent.parent / "golden" / "data" / "resized.json"
MODES = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
# width and height of the picture, rows and columns of the input, the part that is kept, how
CASES = [
    (61, 40, (14, 14), 0.875, "bilinear", "crop"),
    (61, 40, (14, 14), 0.875, "bicubic", "crop"),
    (33, 90, (18, 18), 0.9, "bicubic", "crop"),
    (33, 90, (18, 18), 0.95, "bilinear", "crop"),
    (9, 7, (16, 16), 0.8, "bicubic", "crop"),
    (9, 7, (16, 16), 1, "bilinear", "crop"),
    (50, 50, (19, 19), 0.96, "bicubic", "crop"),
    (61, 40, (16, 16), 1, "bilinear", "squash"),
    (61, 40, (16, 12), 1, "bicubic", "squash"),
    (61, 40, (14, 14), 0.875, "bicubic", "squash"),
]


def picture(width, height):
    y, x = np.mgrid[:height, :width]
    levels = np.stack([(x * 37 + y * 11 + k * 70 + (x // 5) * (y // 7) * 90) % 256 for k in range(3)], -1)
    return Image.fromarray(levels.astype(np.uint8))


def resized(image, size, kept, how, fit):
    larger = [int(side / kept + 1e-6) for side in size]
    steps = Resize(larger[0] if fit == "crop" else larger, interpolation=MODES[how])
    return np.asarray(Compose([steps, CenterCrop(size)])(image))


told = []
for width, height, size, kept, how, fit in CASES:
    found = resized(picture(width, height), size, kept, how, fit)
    if size[0] == size[1]:
        mode = "center" if fit == "crop" else "squash"
        theirs = create_transform((3, *size), interpolation=how, crop_pct=kept, crop_mode=mode, mean=0, std=1)(picture(width, height))
        assert np.array_equal((theirs.numpy() * 255).round().transpose(1, 2, 0), found), (width, height, size, kept, how, fit)
    told.append({"picture": [width, height], "input": size, "cropped": kept, "interpolation": how, "fit": fit, "levels": found.flatten().tolist()})
OUT.write_text("[\n" + ",\n".join(map(json.dumps, told)) + "\n]\n")
