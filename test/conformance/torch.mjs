export const suites = [
  {
    name: "pt2",
    about: "torchvision and timm CNNs through torch.export",
    environment: "torch",
    script: "torch/zoo.py",
    seconds: 300,
    making: 600,
  },
  {
    name: "scripted",
    about: "files that hold their structure: TorchScript, traced and scripted",
    environment: "torch",
    script: "torch/scripted.py",
    seconds: 300,
    making: 600,
  },
  {
    name: "architectures",
    about:
      "what people export by default, one picture as the example: .pt2 and ONNX, explained too",
    environment: "torch",
    script: "torch/architectures.py",
    seconds: 300,
    making: 600,
    each: true,
  },
  {
    name: "library",
    about: "fine-tuned copies of networks that ConvLens knows, opened from their weights alone",
    environment: "torch",
    script: "torch/library.py",
    seconds: 300,
    making: 600,
    each: true,
  },
];
