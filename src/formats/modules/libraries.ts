/** Classes of torchvision and fastai whose calls are documented: blocks of residual networks, and the heads of fastai. */
import type { Classes, Forward, Module, Walk } from "./module.ts";
import type { Ref } from "../pt2/schema.ts";
import { sequential } from "./nn.ts";
import { only } from "./walk.ts";

/** Children by name, one after the other; those that there are not are passed over. */
const through = (module: Module, x: Ref, walk: Walk, ...names: readonly string[]): Ref =>
  names.reduce((value, name) => walk.run(module.child(name), value), x);
const flat = (walk: Walk, x: Ref): Ref => walk.op("flatten", { self: x, start_dim: 1 });

/** He et al., Deep Residual Learning for Image Recognition: what `names` make of a picture, and the picture, or its projection. */
const residual =
  (...names: readonly string[]): Forward =>
  (module, inputs, walk) => {
    const x = only(inputs);
    const made = through(module, x, walk, ...names);
    const shortcut = module.optional("downsample");
    const sum = walk.op("add", { self: made, other: shortcut ? walk.run(shortcut, x) : x });
    return walk.run(module.child("relu"), sum);
  };
const resnet: Forward = (module, inputs, walk) => {
  const stages = [
    "conv1",
    "bn1",
    "relu",
    "maxpool",
    "layer1",
    "layer2",
    "layer3",
    "layer4",
    "avgpool",
  ];
  return walk.run(module.child("fc"), flat(walk, through(module, only(inputs), walk, ...stages)));
};
const pooled: Forward = (module, inputs, walk) =>
  walk.run(
    module.child("classifier"),
    flat(walk, through(module, only(inputs), walk, "features", "avgpool")),
  );

/** By the full name of the class. */
export const LIBRARIES: Classes = {
  "torchvision.models.resnet.BasicBlock": residual("conv1", "bn1", "relu", "conv2", "bn2"),
  "torchvision.models.resnet.Bottleneck": residual(
    "conv1",
    "bn1",
    "relu",
    "conv2",
    "bn2",
    "relu",
    "conv3",
    "bn3",
  ),
  "torchvision.models.resnet.ResNet": resnet,
  "torchvision.models.vgg.VGG": pooled,
  "torchvision.models.alexnet.AlexNet": pooled,
  "torchvision.ops.misc.Conv2dNormActivation": sequential,
  "torchvision.ops.misc.ConvNormActivation": sequential,
  "fastai.layers.ConvLayer": sequential,
  "fastai.layers.LinBnDrop": sequential,
  // the largest and the mean of each map, side by side, largest first
  "fastai.layers.AdaptiveConcatPool2d": (module, inputs, walk) => {
    const x = only(inputs);
    const parts = ["mp", "ap"].map((name) => walk.run(module.child(name), x));
    return walk.op("cat", { tensors: parts, dim: 1 });
  },
  "fastai.layers.Flatten": (module, inputs, walk) =>
    module.flag("full", false)
      ? walk.op("flatten", { self: only(inputs), start_dim: 0 })
      : flat(walk, only(inputs)),
  "fastai.layers.SigmoidRange": (module, inputs, walk) => {
    const [low, high] = [module.number("low", 0), module.number("high", 1)];
    const share = walk.op("sigmoid", { self: only(inputs) });
    return walk.op("add", { self: walk.op("mul", { self: share, other: high - low }), other: low });
  },
};
