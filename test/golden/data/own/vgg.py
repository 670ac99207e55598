"""A VGG written as a list of numbers, with a head that looks at the mean."""

import torch.nn as nn

cfg = {
    "VGG9": [16, "M", 32, "M", 64, 64, "M", 64, 64, "M"],
    "VGG11": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
}


class VGG(nn.Module):
    def __init__(self, vgg_name="VGG9", num_classes=100, batch_norm=True):
        super().__init__()
        self.features = self._make_layers(cfg[vgg_name], batch_norm)
        self.classifier = nn.Linear(cfg[vgg_name][-2], num_classes)

    def forward(self, x):
        out = self.features(x)
        out = out.mean([2, 3])
        return self.classifier(out)

    def _make_layers(self, cfg, batch_norm):
        layers = []
        in_channels = 3
        for x in cfg:
            if x == "M":
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers += [nn.Conv2d(in_channels, x, kernel_size=3, padding=1)]
                layers += [nn.BatchNorm2d(x), nn.LeakyReLU(0.1, inplace=True)] if batch_norm else [nn.ReLU(inplace=True)]
                in_channels = x
        return nn.Sequential(*layers)
