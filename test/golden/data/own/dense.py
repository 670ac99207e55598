"""Dense blocks: lists of maps that are joined, transitions that halve them, an OrderedDict of names, two arguments without defaults."""

from collections import OrderedDict

import torch
import torch.nn as nn


class DenseLayer(nn.Module):
    def __init__(self, num_input_features, growth_rate, bn_size=2, drop_rate=0.2):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(num_input_features)
        self.conv1 = nn.Conv2d(num_input_features, bn_size * growth_rate, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth_rate)
        self.conv2 = nn.Conv2d(bn_size * growth_rate, growth_rate, 3, padding=1, bias=False)
        self.drop_rate = drop_rate

    def forward(self, features):
        x = torch.cat(features, 1)
        x = self.conv1(torch.relu(self.norm1(x)))
        x = self.conv2(torch.relu(self.norm2(x)))
        return nn.functional.dropout(x, p=self.drop_rate, training=self.training)


class DenseBlock(nn.ModuleDict):
    def __init__(self, num_layers, num_input_features, growth_rate):
        super().__init__()
        for i in range(num_layers):
            self.add_module("denselayer%d" % (i + 1), DenseLayer(num_input_features + i * growth_rate, growth_rate))

    def forward(self, x):
        features = [x]
        for _, layer in self.items():
            features.append(layer(features))
        return torch.cat(features, 1)


class DenseNet(nn.Module):
    def __init__(self, growth_rate, block_config, num_classes=10):
        super().__init__()
        channels = 2 * growth_rate
        layers = OrderedDict([("conv0", nn.Conv2d(3, channels, 3, padding=1, bias=False))])
        for i, num_layers in enumerate(block_config):
            layers["denseblock%d" % (i + 1)] = DenseBlock(num_layers, channels, growth_rate)
            channels += num_layers * growth_rate
            if i != len(block_config) - 1:
                layers["transition%d" % (i + 1)] = nn.Sequential(
                    nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)
                )
                channels //= 2
        layers["norm5"] = nn.BatchNorm2d(channels)
        self.features = nn.Sequential(layers)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, x):
        features = torch.relu(self.features(x))
        return self.classifier(torch.flatten(nn.functional.adaptive_avg_pool2d(features, (1, 1)), 1))
