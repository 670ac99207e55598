"""Writes test/models/same/views.pt2, saturated.pt2 and residual.pt2, with residual.pth, its weights alone: the networks of make-token-formats.py with the numbers of the ONNX files, by PyTorch.

    python -m venv torch && torch/bin/pip install torch==2.7.1 onnx && torch/bin/python test/support/make-same-pt2.py
"""

import json
import os

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from exported import pack, without_places
from onnx import numpy_helper
from torch import nn

OUT = os.path.join(os.path.dirname(__file__), "..", "models", "same")


def strided(x):
    """As TensorFlow pads to the same size: one behind."""
    return F.pad(x, (0, 1, 0, 1))


class Views(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.conv_1 = nn.Conv2d(3, 4, 3, 2), nn.Conv2d(1, 2, 3, 2)
        self.joined, self.dense = nn.Conv2d(6, 5, 3, 1, 1), nn.Linear(5, 3)

    def forward(self, left, depth):
        each = [F.relu(self.conv(strided(left))), F.relu(self.conv_1(strided(depth)))]
        return self.dense(F.relu(self.joined(torch.cat(each, 1))).mean((2, 3)))


class Saturated(nn.Module):
    def __init__(self):
        super().__init__()
        self.joined, self.dense = nn.Conv2d(3, 6, 3, 2), nn.Linear(6, 3)

    def forward(self, x):
        pooled = F.relu(self.joined(strided(x))).mean((2, 3)) * 200
        return self.dense(pooled).softmax(1).reshape(-1, 1, 3)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, 2)
        for name in ("conv_1", "conv_2", "conv_3", "conv_4"):
            self.add_module(name, nn.Conv2d(6, 6, 3, 1, 1))
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        x = F.relu(self.conv(strided(x)))
        x = x + self.conv_2(F.relu(self.conv_1(x)))
        x = x + self.conv_4(F.relu(self.conv_3(x)))
        return self.dense(x.mean((2, 3)))


def write(name, network, names):
    graph = onnx.load(os.path.join(OUT, f"{name}.onnx")).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    state = {}
    for layer, of in names.items():
        own = {key: value for key, value in stored.items() if f"/{of}/" in key and value.ndim > 0}
        for key, value in own.items():
            part = "bias" if value.ndim == 1 else "weight"
            state[f"{layer}.{part}"] = torch.from_numpy((value.T if value.ndim == 2 else value).copy())
    network.load_state_dict(state)
    with open(os.path.join(OUT, f"{name}.json")) as file:
        told = json.load(file)
    told = told.get("inputs") or {"x": {"input": told["input"]}}
    inputs = [np.reshape(one["input"]["data"], one["input"]["shape"]).transpose(2, 0, 1)[None] for one in told.values()]
    fed = tuple(torch.from_numpy(x.astype("float32")).repeat(2, 1, 1, 1) for x in inputs)
    program = torch.export.export(network.eval(), fed, dynamic_shapes=tuple({0: torch.export.Dim.AUTO} for _ in fed))
    print(name, network(*fed)[0].tolist())
    file = os.path.join(OUT, f"{name}.pt2")
    torch.export.save(without_places(program), file)
    pack(file)


residual = Residual()
write("residual", residual, {"conv": "conv2d", **{f"conv_{i}": f"conv2d_{i}" for i in range(1, 5)}, "dense": "dense"})
torch.save(residual.state_dict(), os.path.join(OUT, "residual.pth"))
write("views", Views(), {"conv": "conv2d", "conv_1": "conv2d_1", "joined": "joined", "dense": "dense"})
write("saturated", Saturated(), {"joined": "joined", "dense": "dense"})
