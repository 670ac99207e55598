"""Writes test/golden/data/anchors/efficientdet-*: tiny detectors that end at EfficientDet's heads, without its anchors, and the boxes by the published formula.

    python -m venv env && env/bin/pip install torch onnx && env/bin/python test/support/make-efficientdet.py torch
    python -m venv k2 && k2/bin/pip install tensorflow-cpu==2.15.1 && k2/bin/python test/support/make-efficientdet.py keras

efficientdet.json: by the file's name, [place, class, score, x, y, width, height] of boxes from the surest on. The picture is made of numbers that the test makes alike.
The formula is that of the authors' anchors.py, in doubles: three scales of three ratios at each cell, and ty, tx, th, tw relative to them.
"""

import json
import os
import sys

import numpy as np

OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "anchors")
HEIGHT, WIDTH = 256, 192
CLASSES = 3
FILTERS = 4
LEVELS = range(3, 8)


def picture():
    index = np.arange(HEIGHT * WIDTH * 3)
    return (index * 7919 % 997 / 997).astype("float32").reshape(1, HEIGHT, WIDTH, 3)


def anchors():
    """[boxes, 4] corners, y first, in pixels."""
    sizes = [(HEIGHT, WIDTH)]
    for _ in range(max(LEVELS)):
        sizes.append(tuple((side - 1) // 2 + 1 for side in sizes[-1]))
    found = []
    for level in LEVELS:
        down, right = HEIGHT / sizes[level][0], WIDTH / sizes[level][1]
        of_level = []
        for octave in range(3):
            for wide, high in [(1.0, 1.0), (1.4, 0.7), (0.7, 1.4)]:
                half_x = 4.0 * right * 2 ** (octave / 3) * wide / 2
                half_y = 4.0 * down * 2 ** (octave / 3) * high / 2
                x, y = np.meshgrid(np.arange(right / 2, WIDTH, right), np.arange(down / 2, HEIGHT, down))
                x, y = x.reshape(-1), y.reshape(-1)
                of_level.append(np.stack([y - half_y, x - half_x, y + half_y, x + half_x], 1)[:, None])
        found.append(np.concatenate(of_level, 1).reshape(-1, 4))
    return np.vstack(found)


def decoded(moves):
    """[boxes, 4] (ty, tx, th, tw) -> x, y, width, height of each, in pixels."""
    y0, x0, y1, x1 = anchors().T
    ty, tx, th, tw = moves.astype("float64").T
    high, wide = np.exp(th) * (y1 - y0), np.exp(tw) * (x1 - x0)
    y, x = ty * (y1 - y0) + (y0 + y1) / 2, tx * (x1 - x0) + (x0 + x1) / 2
    return np.stack([x - wide / 2, y - high / 2, wide, high], 1)


def write(name, moves, logits):
    """Moves [boxes, 4] and logits [boxes, CLASSES], grid by grid."""
    boxes, scores = decoded(moves), 1 / (1 + np.exp(-logits.astype("float64")))
    best, kind = scores.max(1), scores.argmax(1)
    order = best.argsort()[::-1]
    rows = [[int(i), int(kind[i]), *[float(f"{v:.7g}") for v in (best[i], *boxes[i])]] for i in order[:: len(order) // 40]]
    file = os.path.join(OUT, "efficientdet.json")
    told = json.load(open(file)) if os.path.exists(file) else {}
    told[f"efficientdet-{name}"] = rows
    with open(file, "w") as out:
        parts = (f"\n{json.dumps(key)}: [\n  " + ",\n  ".join(map(json.dumps, told[key])) + "\n]" for key in sorted(told))
        out.write("{" + ",".join(parts) + "\n}\n")
    print(name, boxes.shape, rows[0], float(np.abs(moves).max()))


def with_torch():
    import torch
    from torch import nn

    class Separable(nn.Sequential):
        def __init__(self, filters):
            super().__init__(nn.Conv2d(FILTERS, FILTERS, 3, padding=1, groups=FILTERS, bias=False), nn.Conv2d(FILTERS, filters, 1))

    class Head(nn.Module):
        def __init__(self, numbers):
            super().__init__()
            self.tower, self.predict = Separable(FILTERS), Separable(9 * numbers)
            self.norms = nn.ModuleList(nn.BatchNorm2d(FILTERS) for _ in LEVELS)
            self.act = nn.SiLU()

        def forward(self, maps):
            return [self.predict(self.act(norm(self.tower(x)))) for norm, x in zip(self.norms, maps)]

    class Detector(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = nn.ModuleList(nn.Conv2d(3 if i == 0 else FILTERS, FILTERS, 3, 2, 1) for i in range(max(LEVELS)))
            self.classes, self.boxes = Head(CLASSES), Head(4)

        def forward(self, x):
            maps = []
            for step in self.steps:
                x = torch.nn.functional.silu(step(x))
                maps.append(x)
            maps = maps[min(LEVELS) - 1 :]
            return [*self.classes(maps), *self.boxes(maps)]

    class Joined(nn.Module):
        def __init__(self, whole):
            super().__init__()
            self.whole = whole

        def forward(self, x):
            def below(maps, numbers):
                return torch.cat([y.permute(0, 2, 3, 1).contiguous().view(y.shape[0], -1, numbers) for y in maps], 1)

            maps = self.whole(x)
            half = len(maps) // 2
            return below(maps[half:], 4), below(maps[:half], CLASSES).sigmoid()

    torch.manual_seed(4)
    network = Detector().eval()
    for key, value in network.named_parameters():
        nn.init.normal_(value, 0, 0.25 if "bias" not in key else 0.4)
    x = torch.from_numpy(picture().transpose(0, 3, 1, 2).copy())
    joined = Joined(network)
    with torch.no_grad():
        moves, scores = (y[0].double().numpy() for y in joined(x))
    names = [f"{kind}_{i}" for kind in ("class", "box") for i in LEVELS]
    how = {"dynamo": False, "input_names": ["picture"]}
    torch.onnx.export(network, x, os.path.join(OUT, "efficientdet-grids.onnx"), output_names=names, **how)
    torch.onnx.export(joined, x, os.path.join(OUT, "efficientdet-joined.onnx"), output_names=["regression", "classification"], **how)
    logits = np.log(scores / (1 - scores))
    write("grids", moves, logits)
    write("joined", moves, logits)


def with_keras():
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from tensorflow import keras

    L = keras.layers

    def head(name, numbers):
        tower = L.SeparableConv2D(FILTERS, 3, padding="same", activation="swish", name=f"{name}-0")
        predict = L.SeparableConv2D(9 * numbers, 3, padding="same", name=f"{name}-predict")
        return lambda maps: [predict(tower(x)) for x in maps]

    x = start = keras.Input((HEIGHT, WIDTH, 3), name="picture")
    maps = []
    for i in range(max(LEVELS)):
        x = L.Conv2D(FILTERS, 3, 2, padding="same", activation="swish", name=f"down{i}")(x)
        maps.append(x)
    maps = maps[min(LEVELS) - 1 :]
    network = keras.Model(start, [*head("class", CLASSES)(maps), *head("box", 4)(maps)])
    rng = np.random.default_rng(4)
    network.set_weights([rng.normal(0, 0.25 if w.ndim > 1 else 0.4, w.shape).astype("float32") for w in network.get_weights()])
    network.save(os.path.join(OUT, "efficientdet-separable.keras"))
    told = [y.numpy() for y in network(picture())]
    below = lambda maps, numbers: np.concatenate([y.reshape(-1, numbers) for y in maps])
    half = len(told) // 2
    write("separable", below(told[half:], 4), below(told[:half], CLASSES))


if __name__ == "__main__":
    {"torch": with_torch, "keras": with_keras}[sys.argv[1]]()
