"""ONNX's own backend tests, as the `onnx` package makes them: node cases of the operations that convolutional networks are
exported with, and the converted PyTorch models."""

import os
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.backend.test.loader import load_model_tests

from case import Case, LeftOut, arguments, serve

warnings.filterwarnings("ignore")

# What PyTorch, Keras and TensorFlow export convolutional classifiers, detectors' backbones and segmenters to: convolutions and
# pools, normalisations, activations, arithmetic, reductions, and the shaping, indexing and resizing around them.
RELEVANT = set("""
    Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool
    BatchNormalization InstanceNormalization GroupNormalization LayerNormalization RMSNormalization LRN LpNormalization
    MeanVarianceNormalization MatMul Gemm LSTM GRU RNN
    Relu LeakyRelu PRelu Elu Celu Selu Gelu Sigmoid HardSigmoid HardSwish Swish Mish Softplus Softsign Tanh ThresholdedRelu
    Shrink Softmax LogSoftmax Hardmax Clip
    Add Sub Mul Div Pow Mod Min Max Sum Mean Less LessOrEqual Greater GreaterOrEqual Equal And Or Xor Not Where
    Exp Log Sqrt Abs Neg Sign Erf Reciprocal Floor Ceil Round Sin Cos Tan Atan Sinh Cosh Cast CastLike
    ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp
    ArgMax ArgMin CumSum OneHot
    Constant Identity Dropout If Reshape Flatten Transpose Squeeze Unsqueeze Expand Tile DepthToSpace SpaceToDepth Shape Size
    ConstantOfShape Range Concat Slice Split Gather GatherND GatherElements Pad CenterCropPad Trilu Resize Upsample IsNaN IsInf
""".split())
# Left aside, each named in the report: attention, losses and optimisers, texts, sequences and optional values,
# integer and quantised arithmetic, signal processing, random numbers, sampling grids and regions, scattering, sorting (TopK, Unique),
# and code (Loop, Scan).
FLOAT, INTEGERS = onnx.TensorProto.FLOAT, (onnx.TensorProto.INT64, onnx.TensorProto.INT32, onnx.TensorProto.BOOL)
# Numbers that exporters write into the file and these tests feed: the shape of the result depends on them.
SETTINGS = {"Resize": (1, 2, 3), "Upsample": (1,), "Pad": (1, 2, 3), "Range": (0, 1, 2), "Reshape": (1,), "Expand": (1,), "Tile": (1,),
            "Slice": (1, 2, 3, 4), "Split": (1,), "Squeeze": (1,), "Unsqueeze": (1,), "ConstantOfShape": (0,), "CumSum": (1,), "TopK": (1,),
            "OneHot": (1, 2), "LSTM": (4,), "GRU": (4,), "RNN": (4,), "CenterCropPad": (1,), "Trilu": (1,), "GatherND": (1,), "GatherElements": (1,),
            **{"Reduce" + how: (1,) for how in "Sum Mean Max Min Prod L1 L2 SumSquare LogSum LogSumExp".split()}}


def all_nodes(graph):
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from all_nodes(attribute.g)


def typed(values):
    """Types of tensors; 0 for sequences and optional values."""
    return [value.type.tensor_type.elem_type for value in values]


def spatial_axes(model, inputs):
    """How many spatial axes a convolution or pool of the test has."""
    ranks = {name: array.ndim for name, array in inputs.items()}
    ranks.update({each.name: len(each.dims) for each in model.graph.initializer})
    for value in model.graph.value_info:
        ranks[value.name] = len(value.type.tensor_type.shape.dim)
    found = 0
    for node in all_nodes(model.graph):
        if node.op_type in ("Conv", "ConvTranspose") or node.op_type.endswith("Pool"):
            kernel = [len(a.ints) for a in node.attribute if a.name == "kernel_shape"]
            found = max([found, ranks.get(node.input[0], 0) - 2, *kernel])
    return found


def fixed(model, inputs):
    """The model with settings and other whole numbers as initialisers, and what is still fed: numbers, or else whole numbers."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    settings = settings_of(model)
    told = [v for v in model.graph.input if v.name in inputs and v.name not in settings]
    decides = any(node.op_type in ("If", "Range") for node in all_nodes(model.graph))  # which nodes there are, and shapes
    numbers = [v for v in told if v.type.tensor_type.elem_type == FLOAT] or ([] if decides else told)
    fed = {value.name: inputs[value.name] for value in numbers}
    for value in list(model.graph.input):
        array = inputs.get(value.name)
        if array is None or value.name in fed:  # an initialiser can be listed as an input too
            continue
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
        model.graph.input.remove(value)
    if not fed:  # a network has something to look at
        return None, None
    return model, fed


def settings_of(model):
    return {node.input[i] for node in model.graph.node for i in SETTINGS.get(node.op_type, ()) if i < len(node.input)}


def write(model):
    def save(folder):
        onnx.save(model, os.path.join(folder, "model.onnx"))
        return "model.onnx"
    return save


def case_of(name, group, model, inputs, outputs):
    types = typed(model.graph.output)
    if not all(t == FLOAT for t in types):
        if not all(t in INTEGERS + (FLOAT,) for t in types):
            return LeftOut(name, group, "outputs of other types than float32, whole numbers and truth values")
        group += " (whole numbers)"
    if not all(t in INTEGERS + (FLOAT,) for t in typed(model.graph.input)):
        return LeftOut(name, group, "inputs of other types than float32, whole numbers and truth values")
    settings = settings_of(model)
    if any(np.size(a) == 0 for a in [*(a for n, a in inputs.items() if n not in settings), *outputs.values()]):
        return LeftOut(name, group, "tensors without a single cell")
    if "training" in name:
        return LeftOut(name, group, "training: random numbers and statistics that move")
    if spatial_axes(model, inputs) > 2:
        return LeftOut(name, group, "three spatial axes: not a picture")
    made, fed = fixed(model, inputs)
    if made is None:
        return LeftOut(name, group, "nothing is fed: all is known while the file is read")
    kept = {k: v for k, v in outputs.items() if k}
    # some results were written down by hand
    noise = {"output " + k: decimals(v) for k, v in kept.items()}
    return Case(name, group, write(made), inputs=fed, outputs=kept, noise=noise)


def decimals(array):
    """Half of the fourth decimal, relative to the maximum, where no number has more."""
    array = np.asarray(array, np.float64)
    largest = np.abs(array).max()
    short = np.array_equal(np.float32(array), np.float32(array.round(4)))
    return 0 if not short or largest == 0 or np.array_equal(array, array.round(2)) else 0.5e-4 / largest


def node_cases():
    for test in collect_testcases(None):
        others = {node.op_type for node in all_nodes(test.model.graph)} - RELEVANT
        if others:
            yield LeftOut(test.name, "node", "outside the set of operations: " + ", ".join(sorted(others)))
            continue
        given, wanted = test.data_sets[0]
        names = [[v.name for v in values] for values in (test.model.graph.input, test.model.graph.output)]
        # what NumPy has no type for is given as ONNX's own tensors
        given, wanted = ([numpy_helper.to_array(a) if isinstance(a, onnx.TensorProto) else a for a in values] for values in (given, wanted))
        if any(not isinstance(a, np.ndarray) and not np.isscalar(a) for a in [*given, *wanted]):
            yield LeftOut(test.name, "node", "sequences or optional values")
            continue
        yield case_of(test.name, "node", test.model, dict(zip(names[0], given)), dict(zip(names[1], wanted)))


def stored(folder, kind, values):
    arrays = {}
    for i, value in enumerate(values):
        tensor = onnx.TensorProto()
        with open(os.path.join(folder, "%s_%d.pb" % (kind, i)), "rb") as file:
            tensor.ParseFromString(file.read())
        arrays[value.name] = numpy_helper.to_array(tensor)
    return arrays


def model_cases(kind):
    for test in load_model_tests(kind=kind):
        model = onnx.load(os.path.join(test.model_dir, "model.onnx"))
        values = [*model.graph.input, *model.graph.output]
        if any(value.type.WhichOneof("value") != "tensor_type" for value in values):
            yield LeftOut(test.name, kind, "sequences or optional values")
            continue
        if any(node.domain not in ("", "ai.onnx") for node in all_nodes(model.graph)):
            yield LeftOut(test.name, kind, "ONNX's preview of training")
            continue
        if any("Sequence" in node.op_type for node in all_nodes(model.graph)):
            yield LeftOut(test.name, kind, "sequences or optional values")
            continue
        given = {each.name for each in model.graph.initializer}
        inputs = [value for value in model.graph.input if value.name not in given]
        folder = os.path.join(test.model_dir, "test_data_set_0")
        yield case_of(test.name, kind, model, stored(folder, "input", inputs), stored(folder, "output", model.graph.output))


def cases():
    quick, _ = arguments()
    for i, case in enumerate(node_cases()):
        if not quick or i % 20 == 0:
            yield case
    for kind in ("pytorch-converted", "pytorch-operator", "simple"):
        for i, case in enumerate(model_cases(kind)):
            if not quick or i % 10 == 0:
                yield case


serve(cases())
