/** The class of the digits' network, in a person's script. */
export const DIGITS_CLASS = `import torch
from torch import nn


class Digits(nn.Module):
    def __init__(self, classes, activation="relu"):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.dense1 = nn.Linear(1024, 64)
        self.predictions = nn.Linear(64, classes)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = nn.functional.max_pool2d(torch.relu(conv(x)), 2)
        return self.predictions(torch.relu(self.dense1(x.flatten(1))))`;
