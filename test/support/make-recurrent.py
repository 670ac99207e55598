"""Writes test/models/recurrent: text recognisers of convolutions and recurrent layers in both directions, as PyTorch exports them, with
what PyTorch computes of two lines of text.

    pip install torch==2.7.1 onnx && python test/support/make-recurrent.py

crnn.onnx: written for one picture, its steps before its batch, and a layer on every step by `view(T * N, C)`, as most are.
gru.pt2: the batch before the steps.
"""

import json
import os

import torch
from torch import nn

from exported import pack, without_places

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "recurrent")


class OnEachStep(nn.Module):
    def __init__(self, wide, hidden, out):
        super().__init__()
        self.rnn = nn.LSTM(wide, hidden, bidirectional=True)
        self.embedding = nn.Linear(2 * hidden, out)

    def forward(self, x):
        y, _ = self.rnn(x)
        steps, batch, wide = y.size()
        return self.embedding(y.view(steps * batch, wide)).view(steps, batch, -1)


class Crnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.pool = nn.Conv2d(1, 4, 3, padding=1), nn.MaxPool2d((8, 4))
        self.rnn = nn.Sequential(OnEachStep(4, 3, 5), OnEachStep(5, 3, 6))

    def forward(self, x):
        return self.rnn(self.pool(torch.relu(self.conv(x))).squeeze(2).permute(2, 0, 1))


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.pool = nn.Conv2d(1, 4, 3, padding=1), nn.MaxPool2d((8, 4))
        self.rnn = nn.GRU(4, 3, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        y, _ = self.rnn(self.pool(torch.relu(self.conv(x))).squeeze(2).permute(0, 2, 1))
        return self.head(y)


def told(name, array):
    return {"name": name, "shape": list(array.shape), "data": [float("%.8g" % n) for n in array.detach().flatten().tolist()]}


torch.manual_seed(3)
os.makedirs(OUT, exist_ok=True)
x = torch.randn(2, 1, 8, 24)
for name, model in {"crnn": Crnn(), "gru": Gru()}.items():
    model.eval()
    if name == "crnn":
        torch.onnx.export(model, (x[:1],), os.path.join(OUT, "crnn.onnx"), dynamo=False, input_names=["x"], output_names=["y"], opset_version=14)
    else:
        torch.export.save(without_places(torch.export.export(model, (x[:1],))), os.path.join(OUT, "gru.pt2"))
        pack(os.path.join(OUT, "gru.pt2"))
    seed = torch.randn_like(model(x))
    fed = x.clone().requires_grad_()
    (model(fed) * seed).sum().backward()
    arrays = {"input": told("x", x), "output": told("y", model(x)), "seed": told("seed", seed), "gradient": told("x", fed.grad)}
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        json.dump(arrays, file, separators=(",", ":"))
