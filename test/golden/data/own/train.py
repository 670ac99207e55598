"""A notebook that became a script: the network is a function between lines that read data, train and save."""

import os

import torch
from torch import nn

DATA_DIR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
NUM_CLASSES = 3
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


class Scale(nn.Module):
    """Colours in the network's units: buffers that are saved."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, x):
        return (x - self.mean) / self.std


def conv_block(in_f, out_f, *args, **kwargs):
    return nn.Sequential(nn.Conv2d(in_f, out_f, *args, **kwargs), nn.GroupNorm(4, out_f), nn.SiLU())


def get_model(dropout=0.3):
    backbone = nn.Sequential(conv_block(3, 16, 3, stride=2, padding=1), conv_block(16, 32, 3, stride=2, padding=1, dilation=1))
    head = nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(32, NUM_CLASSES))
    return nn.Sequential(Scale(), backbone, head)


files = sorted(os.listdir(DATA_DIR))
model = get_model().to(device)
model.load_state_dict(torch.load("pretrained.pth"))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(10):
    for file in files:
        raise SystemExit("trained")
torch.save(model.state_dict(), "best.pth")
