"""Writes test/models/axes: networks over one spatial axis (sound, EEG) and three (video, a scan) with random weights, and beside each what
PyTorch computes of it (NAME.json): input, output, the maps of a layer, its Grad-CAM of each class before the ReLU, and the gradient of the last class.

    venv/bin/python test/support/make-axes.py        with requirements-torch.txt of test/conformance/environments
"""

import json
import pathlib
import re

import onnx
import torch
from torch import nn

OUT = pathlib.Path(__file__).resolve().parent.parent / "models" / "axes"


class M5(nn.Module):
    """Dai et al. 2017, "Very deep convolutional neural networks for raw waveforms", made small."""

    def __init__(self, width=6, classes=4):
        super().__init__()
        self.conv1, self.bn1, self.relu1, self.pool1 = nn.Conv1d(1, width, 20, stride=4), nn.BatchNorm1d(width), nn.ReLU(), nn.MaxPool1d(4)
        self.conv2, self.bn2, self.relu2 = nn.Conv1d(width, 2 * width, 3, padding=1), nn.BatchNorm1d(2 * width), nn.ReLU()
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, x):
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.fc(x.mean(-1))


class EEGNet(nn.Module):
    """Lawhern et al. 2018, "EEGNet", of 6 electrodes."""

    def __init__(self, electrodes=6, steps=96, classes=3):
        super().__init__()
        self.temporal, self.bn1 = nn.Conv2d(1, 4, (1, 16), padding="same", bias=False), nn.BatchNorm2d(4)
        self.spatial, self.bn2, self.elu1 = nn.Conv2d(4, 8, (electrodes, 1), groups=4, bias=False), nn.BatchNorm2d(8), nn.ELU()
        self.pool1 = nn.AvgPool2d((1, 4))
        self.separable, self.pointwise = nn.Conv2d(8, 8, (1, 8), padding="same", groups=8, bias=False), nn.Conv2d(8, 6, 1, bias=False)
        self.bn3, self.elu2, self.pool2 = nn.BatchNorm2d(6), nn.ELU(), nn.AvgPool2d((1, 8))
        self.fc = nn.Linear(6 * (steps // 32), classes)

    def forward(self, x):
        x = self.bn1(self.temporal(x.unsqueeze(1)))
        x = self.pool1(self.elu1(self.bn2(self.spatial(x))))
        x = self.pool2(self.elu2(self.bn3(self.pointwise(self.separable(x)))))
        return self.fc(x.flatten(1))


class Block(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv3d(inputs, filters, 3, stride, 1, bias=False), nn.BatchNorm3d(filters), nn.ReLU()
        self.conv2, self.bn2 = nn.Conv3d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm3d(filters)
        self.down = None if stride == 1 and inputs == filters else nn.Sequential(nn.Conv3d(inputs, filters, 1, stride, bias=False), nn.BatchNorm3d(filters))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.down is None else self.down(x)))


class R3D(nn.Module):
    """Tran et al. 2018, torchvision's r3d_18, made small."""

    def __init__(self, classes=4):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv3d(3, 4, (3, 7, 7), (1, 2, 2), (1, 3, 3), bias=False), nn.BatchNorm3d(4), nn.ReLU())
        self.pool = nn.MaxPool3d(3, (1, 2, 2), 1)
        self.layer1, self.layer2 = Block(4, 4, 1), Block(4, 8, 2)
        self.avgpool, self.fc = nn.AdaptiveAvgPool3d(1), nn.Linear(8, classes)

    def forward(self, x):
        return self.fc(self.avgpool(self.layer2(self.layer1(self.pool(self.stem(x))))).flatten(1))


def unit(inputs, filters, stride=1):
    return nn.Sequential(nn.Conv3d(inputs, filters, 3, stride, 1), nn.InstanceNorm3d(filters), nn.PReLU())


class UNet3D(nn.Module):
    """Kerfoot et al. 2018, MONAI's UNet, made small: strided convolutions down, transposed ones up, skips beside."""

    def __init__(self, classes=2):
        super().__init__()
        self.down1, self.down2, self.bottom = unit(1, 4, 2), unit(4, 8, 2), unit(8, 8)
        self.up1 = nn.ConvTranspose3d(16, 4, 3, 2, 1, output_padding=1)
        self.up2 = nn.ConvTranspose3d(8, 4, 2, 2)
        self.pool, self.head = nn.AvgPool3d(3, 1, 1), nn.Conv3d(4, classes, 1)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(one)
        x = torch.relu(self.up1(torch.cat([two, self.bottom(two)], 1)))
        x = torch.relu(self.up2(torch.cat([one, x], 1)))
        return self.head(self.pool(x))


# network, shape of one input, the module whose output is looked at, axes that the file leaves free
NETWORKS = {
    "m5": (M5, (1, 400), "relu2", {2: "time"}),
    "eegnet": (EEGNet, (6, 96), "elu2", {}),
    "r3d": (R3D, (3, 6, 10, 12), "layer2", {}),
    "unet3d": (UNet3D, (1, 8, 8, 12), "down2.2", {2: "depth", 3: "height", 4: "width"}),
}


def awake(network):
    """Statistics and scales as a training leaves them: none of them 0 or 1."""
    for key, value in network.named_buffers():
        if key.endswith("mean"):
            value.normal_(0, 0.3)
        elif key.endswith("var"):
            value.uniform_(0.5, 1.5)
    for value in network.parameters():
        if value.dim() == 1:
            nn.init.uniform_(value, 0.2, 1.2)
    return network.eval()


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{n:.7g}") for n in tensor.detach().flatten().tolist()]}


def main():
    OUT.mkdir(exist_ok=True)
    for name, (make, shape, looked_at, free) in NETWORKS.items():
        torch.manual_seed(7)
        network, x = awake(make()), torch.randn(1, *shape, requires_grad=True)
        kept = {}
        network.get_submodule(looked_at).register_forward_hook(lambda _module, _given, value: kept.update(maps=value))
        y = network(x)
        maps, scores = kept["maps"], y[0] if y.dim() == 2 else y[0].flatten(1).mean(1)
        positions = tuple(range(2, maps.dim()))
        cams, gradients = [], []
        for score in scores:
            slope, gradient = torch.autograd.grad(score, (maps, x), retain_graph=True)
            cams.append((slope.mean(positions, keepdim=True) * maps).sum(1)[0])
            gradients.append(gradient[0])
        told = {
            **{"input": numbers(x[0]), "output": numbers(y[0]), "module": looked_at, "maps": numbers(maps[0])},
            **{"cam": numbers(torch.stack(cams)), "gradient": numbers(gradients[-1])},
        }
        (OUT / f"{name}.json").write_text(json.dumps(told, separators=(",", ":")) + "\n")
        file = OUT / f"{name}.onnx"
        axes = {"x": {0: "N", **free}, "y": {0: "N"}}
        torch.onnx.export(network, (x,), str(file), input_names=["x"], output_names=["y"], dynamic_axes=axes, dynamo=False)
        model = onnx.load(file)
        for node in model.graph.node:
            assert not re.search(r"(/root|/home|/Users)", node.doc_string)
        print(name, file.stat().st_size, [round(n, 4) for n in scores.tolist()])


if __name__ == "__main__":
    main()
