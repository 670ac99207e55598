"""What every peer script shares: arguments, the input, one picture on disk, and the two ways of being timed.

cold   PEER.py cold TASK ...   one run from the start of Python to files on disk; the caller takes the time.
serve  PEER.py serve TASK ...  prepares, then answers one JSON line to each line on standard input:
       `run N` runs the task N times, `save` writes the last result, an empty input ends it.
"""

import argparse
import json
import math
import os
import sys
import time

import numpy as np


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["cold", "serve"])
    parser.add_argument("task")
    parser.add_argument("--model", required=True)
    parser.add_argument("--image")
    parser.add_argument("--scaling", default="{}", help="JSON: order, scale, mean, std")
    parser.add_argument("--input", help="an array (N, H, W, C), used as it is")
    parser.add_argument("--layer")
    parser.add_argument("--class", dest="class_index", type=int, default=0)
    parser.add_argument("--classes", type=int, default=1, help="how many, from --class on")
    parser.add_argument("--filters", type=int, default=1, help="the first N filters of --layer")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--folder", help="what all sides are given: see bench/inputs.ts")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    return options


def read_input(options, size=224):
    """(1, H, W, C) float32: the array, or the centre of the picture, bilinear, scaled."""
    if options.input:
        return np.load(options.input).astype("float32")
    from PIL import Image

    picture = Image.open(options.image).convert("RGB")
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    picture = picture.crop((left, top, left + side, top + side))
    pixels = np.asarray(picture.resize((size, size), Image.BILINEAR), dtype="float32")
    return scaled(pixels, json.loads(options.scaling))[None]


def given(options, name):
    """An array that all sides are given."""
    return np.load(os.path.join(options.folder, name + ".npy"))


def about(options):
    """JSON: lowest and highest input per channel, length of a step of maximisation, layers of a census."""
    with open(os.path.join(options.folder, "about.json")) as file:
        return json.load(file)


def save_arrays(options, **arrays):
    for name, array in arrays.items():
        np.save(os.path.join(options.out, name + ".npy"), np.asarray(array, dtype="float32"))


def scaled(pixels, scaling):
    if scaling.get("order") == "bgr":
        pixels = pixels[..., ::-1]
    values = pixels * scaling.get("scale", 1) - np.array(scaling.get("mean", [0]), "float32")
    return (values / np.array(scaling.get("std", [1]), "float32")).astype("float32")


def save_grid(tiles, path):
    """(N, h, w[, C]) as the usual figure of subplots, each tile on its own scale."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    columns = math.ceil(math.sqrt(len(tiles)))
    figure, axes = plt.subplots(columns, columns, figsize=(8, 8))
    for axis in axes.flat:
        axis.axis("off")
    for axis, tile in zip(axes.flat, tiles):
        axis.imshow((tile - tile.min()) / (tile.max() - tile.min() + 1e-9))
    figure.savefig(path)
    plt.close(figure)


def save_overlay(heatmap, pixels, path):
    """heatmap (H, W) and the input (H, W, C), any range, as one blended picture."""
    import matplotlib
    from PIL import Image

    low, high = heatmap.min(), heatmap.max()
    colours = matplotlib.colormaps["jet"]((heatmap - low) / (high - low + 1e-9))[..., :3]
    gray = (pixels - pixels.min()) / (np.ptp(pixels) + 1e-9)
    Image.fromarray(((0.5 * gray + 0.5 * colours) * 255).astype("uint8")).save(path, "png")


def main(options, tasks, about):
    """`tasks[NAME](options)` prepares and returns (run, save): run() -> result, save(result)."""
    run, save = tasks[options.task](options)
    if options.mode == "cold":
        save(run())
        return
    result = run()
    print(json.dumps({"ready": about()}), flush=True)
    for line in sys.stdin:
        word, *count = line.split()
        if word == "save":
            import resource

            save(result)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"peakMegabytes": peak}), flush=True)
            continue
        seconds, cpu = [], []
        for _ in range(int(count[0])):
            wall, used = time.perf_counter(), time.process_time()
            result = run()
            seconds.append(time.perf_counter() - wall)
            cpu.append(time.process_time() - used)
        print(json.dumps({"seconds": seconds, "cpu": cpu}), flush=True)
