"""What a census of filters needs beside the network: pictures in batches, and what is kept of each filter."""

import json
import os

import numpy as np

from common import save_arrays, scaled


def read_pictures(options, batch):
    """The pictures of a folder, of the network's size, in batches (N, H, W, C)."""
    from PIL import Image

    scaling, folder = json.loads(options.scaling), os.path.join(options.folder, "pictures")
    names = sorted(os.listdir(folder))
    for first in range(0, len(names), batch):
        pictures = [Image.open(os.path.join(folder, n)).convert("RGB") for n in names[first:][:batch]]
        yield scaled(np.stack([np.asarray(p, dtype="float32") for p in pictures]), scaling)


class Tally:
    """Per layer and filter: largest and smallest value, mean, share of zeros."""

    def __init__(self):
        self.rows = {}

    def add(self, name, maximum, minimum, mean, zeros):
        self.rows.setdefault(name, []).append((maximum, minimum, mean, zeros))

    def save(self, options):
        columns = {name: [np.concatenate(c) for c in zip(*rows)] for name, rows in self.rows.items()}
        largest = np.concatenate([columns[name][0].max(0) for name in columns])
        means = np.concatenate([columns[name][2].mean(0) for name in columns])
        save_arrays(options, max=largest, mean=means)
