export const suites = [
  {
    name: "pt2",
    about: "torchvision and timm CNNs through torch.export",
    environment: "torch",
    script: "torch/zoo.py",
    seconds: 300,
    making: 600,
  },
];
