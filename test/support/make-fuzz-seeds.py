"""Writes test/fuzz/seeds/*.onnx: a few kilobytes with what ONNX files are made of, so that a changed byte hits something. Needs onnx (1.23 was used)."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, parser

OUT = Path(__file__).parent.parent / "fuzz" / "seeds"

NETWORK = """
<ir_version: 8, opset_import: ["" : 17, "local" : 1], producer_name: "seed">
net (float[batch, 3, 8, 8] image) => (float[batch, 4] scores) {
  a = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (image, k1, b1)
  n = BatchNormalization <epsilon = 0.001> (a, scale, offset, mean, variance)
  r = local.Block <order = [0, 1, 2, 3]> (n)
  p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (r)
  u = Resize <mode = "nearest"> (p, none, factors)
  s = Slice (u, starts, ends, axes)
  c = Concat <axis = 1> (s, r)
  either = If (yes) <
    then_branch = yes_branch () => (y) { y = Relu(c) },
    else_branch = no_branch () => (z) { z = Neg(c) }
  >
  m = GlobalAveragePool(either)
  shape = Shape(m)
  one = Constant <value = int64[1] {0}> ()
  rows = Gather(shape, one)
  rest = Constant <value = int64[1] {-1}> ()
  target = Concat <axis = 0> (rows, rest)
  flat = Reshape(m, target)
  logits = Gemm <transB = 1> (flat, dense, bias)
  scores = Softmax <axis = 1> (logits)
}
<domain: "local", opset_import: ["" : 17]>
Block <order> (x) => (y) {
  t = Transpose <perm : ints = @order> (x)
  y = LeakyRelu <alpha = 0.1> (t)
}
"""


def main() -> None:
    random = np.random.default_rng(3)
    number = lambda *shape: random.normal(0, 0.5, shape).astype("float32")  # noqa: E731
    parameters = {
        "k1": number(2, 3, 3, 3),
        "b1": number(2),
        "scale": number(2),
        "offset": number(2),
        "mean": number(2),
        "variance": number(2) ** 2,
        "none": np.zeros(0, "float32"),
        "factors": np.array([1, 1, 2, 2], "float32"),
        "starts": np.array([0]),
        "ends": np.array([2**62]),
        "axes": np.array([2]),
        "yes": np.array(True),
        "dense": number(4, 4).astype("float16").astype("float32"),
    }
    model = parser.parse_model(NETWORK)
    model.graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in parameters.items()
    )
    # numbers as a list of their own, not as raw bytes
    model.graph.initializer.append(
        helper.make_tensor("bias", TensorProto.FLOAT, [4], [0.1, 0.2, 0.3, 0.4])
    )
    onnx.checker.check_model(model)
    OUT.mkdir(parents=True, exist_ok=True)
    onnx.save(model, OUT / "parts.onnx")


main()
