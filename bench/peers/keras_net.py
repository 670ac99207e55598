"""A sequential or functional Keras .h5 as a torch module with the same layer names and weights.

keras_net.py MODEL.h5 MODEL.pt   converts (needs h5py); load(MODEL.pt) is what the peers use.
"""

import json
import sys

import torch
from torch import nn
from torch.nn import functional as F


class SameConv(nn.Conv2d):
    """TensorFlow's padding='same', which is asymmetric for strides."""

    def forward(self, x):
        padding = []
        for axis in (3, 2):
            size, kernel, stride = x.shape[axis], self.kernel_size[axis - 2], self.stride[axis - 2]
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            padding += [total // 2, total - total // 2]
        return super().forward(F.pad(x, padding))


class Apply(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


ACTIVATIONS = {"relu": nn.ReLU, "relu6": nn.ReLU6}


def with_activation(module, name):
    # the last softmax is left out: the network ends in logits
    return nn.Sequential(module, ACTIVATIONS[name]()) if name in ACTIVATIONS else module


def convolution(config, shape, depthwise):
    height, width, inputs, outputs = shape
    groups = inputs if depthwise else 1
    outputs = inputs * outputs if depthwise else outputs
    same = config["padding"] == "same"
    symmetric = config["strides"] == [1, 1] and height % 2 == width % 2 == 1
    kind = SameConv if same and not symmetric else nn.Conv2d
    padding = (height // 2, width // 2) if same and symmetric else 0
    return kind(
        inputs,
        outputs,
        (height, width),
        tuple(config["strides"]),
        padding,
        groups=groups,
        bias=config["use_bias"],
    )


def batch_norm(config, shape):
    return nn.BatchNorm2d(shape[0], eps=config["epsilon"])


def pair(padding):
    (top, bottom), (left, right) = padding
    return (left, right, top, bottom)


def make(kind, config, shape):
    """The module of one layer; `shape` is that of its first weight as stored, if it has weights."""
    if kind in ("Conv2D", "DepthwiseConv2D"):
        module = convolution(config, shape, kind == "DepthwiseConv2D")
        return with_activation(module, config["activation"])
    if kind == "Dense":
        module = nn.Linear(shape[0], shape[1], bias=config["use_bias"])
        return with_activation(module, config["activation"])
    if kind == "BatchNormalization":
        return batch_norm(config, shape)
    if kind == "ReLU":
        return nn.ReLU6() if config["max_value"] == 6 else nn.ReLU()
    if kind == "Activation":
        return with_activation(nn.Identity(), config["activation"])
    if kind == "ZeroPadding2D":
        return nn.ZeroPad2d(pair(config["padding"]))
    if kind == "MaxPooling2D" and config["padding"] == "valid":
        return nn.MaxPool2d(tuple(config["pool_size"]), tuple(config["strides"]))
    if kind == "GlobalAveragePooling2D":
        return Apply(lambda x: x.mean((2, 3)))
    if kind == "Flatten":
        return Apply(lambda x: x.permute(0, 2, 3, 1).flatten(1))  # in TensorFlow's order
    if kind == "Add":
        return Apply(lambda *inputs: sum(inputs[1:], inputs[0]))
    if kind in ("InputLayer", "Dropout"):
        return nn.Identity()
    raise ValueError(f"no torch module for the Keras layer {kind}")


class KerasNet(nn.Module):
    def __init__(self, plan):
        """`plan`: [{name, kind, config, inputs, shape}] in topological order."""
        super().__init__()
        self.plan = plan
        self.layers = nn.ModuleDict({e["name"]: make(e["kind"], e["config"], e["shape"]) for e in plan})
        self.convolutions = [e["name"] for e in plan if "Conv2D" in e["kind"]]
        self.last_use = {name: i for i, e in enumerate(plan) for name in e["inputs"]}

    def forward(self, x):
        values = {}
        for i, entry in enumerate(self.plan):
            inputs = [values[name] for name in entry["inputs"]] or [x]
            values[entry["name"]] = self.layers[entry["name"]](*inputs)
            for name in entry["inputs"]:
                if self.last_use[name] == i:
                    values.pop(name, None)
        return values[self.plan[-1]["name"]]


def load(path):
    stored = torch.load(path, map_location="cpu", weights_only=True)
    net = KerasNet(json.loads(stored["plan"]))
    net.load_state_dict(stored["state"])
    return net.eval()


def read_h5(path):
    """The plan, and each layer's weights as stored."""
    import h5py
    import numpy as np

    text = lambda value: value.decode() if isinstance(value, bytes) else value  # noqa: E731
    plan, weights = [], {}
    with h5py.File(path, "r") as file:
        model = json.loads(text(file.attrs["model_config"]))
        for layer in model["config"]["layers"]:
            name = layer["config"]["name"]
            group = file["model_weights"].get(name)
            names = [text(n) for n in group.attrs.get("weight_names", [])] if group else []
            weights[name] = [np.asarray(group[n], dtype="float32") for n in names]
            if model["class_name"] == "Sequential":
                inputs = [plan[-1]["name"]] if plan else []
            else:
                inputs = [node[0] for nodes in layer["inbound_nodes"][:1] for node in nodes]
            plan.append(
                {
                    "name": name,
                    "kind": layer["class_name"],
                    "config": layer["config"],
                    "inputs": inputs,
                    "shape": list(weights[name][0].shape) if weights[name] else None,
                }
            )
    return plan, weights


def fill(module, entry, stored):
    target = module[0] if isinstance(module, nn.Sequential) else module
    first = torch.from_numpy(stored[0])
    if entry["kind"] == "BatchNormalization":
        gamma = stored.pop(0) if entry["config"]["scale"] else None
        beta = stored.pop(0) if entry["config"]["center"] else None
        values = (gamma, beta, *stored)
        tensors = (target.weight, target.bias, target.running_mean, target.running_var)
        for tensor, value in zip(tensors, values):
            if value is not None:
                tensor.data.copy_(torch.from_numpy(value))
        return
    axes = {"Conv2D": (3, 2, 0, 1), "DepthwiseConv2D": (2, 3, 0, 1), "Dense": (1, 0)}[entry["kind"]]
    target.weight.data.copy_(first.permute(axes).reshape(target.weight.shape))
    if target.bias is not None:
        target.bias.data.copy_(torch.from_numpy(stored[1]))


def convert(source, target):
    plan, weights = read_h5(source)
    net = KerasNet(plan)
    for entry in plan:
        if weights[entry["name"]]:
            fill(net.layers[entry["name"]], entry, weights[entry["name"]])
    torch.save({"plan": json.dumps(plan), "state": net.state_dict()}, target)
    return net.eval()


def export(net, target):
    """The same network for ONNX Runtime, any batch size."""
    size = next(e["config"]["batch_input_shape"] for e in net.plan if "batch_input_shape" in e["config"])
    x = torch.zeros(1, size[3], size[1], size[2])
    axes = {"input": {0: "batch"}, "logits": {0: "batch"}}
    names = {"input_names": ["input"], "output_names": ["logits"], "dynamic_axes": axes}
    torch.onnx.export(net, (x,), target, opset_version=17, dynamo=False, **names)


if __name__ == "__main__":
    export(convert(sys.argv[1], sys.argv[2]), sys.argv[2].replace(".pt", ".onnx"))
