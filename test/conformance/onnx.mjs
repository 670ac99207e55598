export const suites = [
  {
    name: "onnx",
    about: "ONNX's own backend tests",
    environment: "torch",
    script: "onnx/backend.py",
    seconds: 60,
  },
  {
    name: "onnx-zoo",
    about: "torchvision and timm by both PyTorch exporters",
    environment: "torch",
    script: "onnx/zoo.py",
    seconds: 300,
    making: 600,
  },
  {
    name: "tf2onnx",
    about: "keras.applications by tf2onnx",
    environment: "keras2",
    script: "onnx/tf2onnx_zoo.py",
    seconds: 300,
  },
];
