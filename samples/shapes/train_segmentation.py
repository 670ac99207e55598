"""Trains a small U-Net (Ronneberger et al. 2015) that says of each pixel which shape it belongs to, and writes segmentation.onnx.

    pip install torch onnx numpy
    python train_segmentation.py
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

from shapes import NAMES, SIZE, batch

HERE = Path(__file__).parent
STEPS = 600
SEED = 7


def block(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
    )  # fmt: skip


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([block(3, 12), block(12, 24), block(24, 48)])
        self.bottleneck = block(48, 64)
        self.up = nn.ModuleList([block(64 + 48, 48), block(48 + 24, 24), block(24 + 12, 12)])
        self.head = nn.Conv2d(12, 1 + len(NAMES), 1)

    def forward(self, x):
        kept = []
        for stage in self.down:
            x = stage(x)
            kept.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottleneck(x)
        for stage, beside in zip(self.up, reversed(kept)):
            x = stage(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), beside], 1))
        return self.head(x)


def main():
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    network = UNet()
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 8e-3, STEPS)
    for step in range(STEPS):
        pictures, _, _, masks = batch(random, 10)
        loss = F.cross_entropy(network(torch.from_numpy(pictures)), torch.from_numpy(masks))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(step, loss.item(), flush=True)
    network.eval()
    file = str(HERE / "segmentation.onnx")
    torch.onnx.export(
        network, torch.zeros(1, 3, SIZE, SIZE), file,
        input_names=["picture"], output_names=["classes"], opset_version=17, dynamo=False,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
    )  # fmt: skip
    model = onnx.load(file)
    model.metadata_props.add(key="names", value=str(dict(enumerate(("background", *NAMES)))))
    onnx.save(model, file)


if __name__ == "__main__":
    main()
