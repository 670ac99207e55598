"""Writes test/golden/data/onnx-operators.json: a few of ONNX's own backend tests, each a model with what goes in and what comes out.

    pip install onnx && python test/support/make-onnx-operators.py

`npm run conformance -- --only=onnx` runs all of them; these are in the repository so that `npm test` runs some.
"""

import base64
import json
import os

import numpy as np
from onnx import ModelProto, TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases

NAMES = """test_mod_float_edge_cases_fmod_0_float32 test_mod_mixed_sign_float32 test_reduce_max_bool_inputs test_reduce_min_bool_inputs
    test_maxpool_with_argmax_2d_precomputed_pads test_maxpool_with_argmax_2d_precomputed_strides test_gathernd_example_float32
    test_gathernd_example_int32 test_gathernd_example_int32_batch_dim1 test_gather_elements_0 test_gather_elements_1
    test_gather_elements_negative_indices test_center_crop_pad_crop test_center_crop_pad_pad test_center_crop_pad_crop_and_pad
    test_center_crop_pad_crop_axes_hwc test_triu test_triu_neg test_tril_pos test_tril_square test_isnan test_isinf
    test_isinf_negative test_isinf_positive test_affine_grid_2d_expanded test_lstm_defaults test_lstm_with_initial_bias
    test_lstm_with_peepholes test_lstm_batchwise test_gru_defaults test_gru_with_initial_bias test_gru_batchwise
    test_simple_rnn_defaults test_simple_rnn_with_initial_bias test_rnn_seq_length
    test_matmulinteger test_convinteger_without_padding test_convinteger_with_padding""".split()
# what an exporter writes into the file
KNOWN = {"GatherND": 1, "GatherElements": 1, "CenterCropPad": 1, "Trilu": 1, "ReduceMax": 1, "ReduceMin": 1, "LSTM": 4, "ConvInteger": 1, "MatMulInteger": 1}
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "data", "onnx-operators.json")


def told(name, array):
    array = np.asarray(array)
    kind = "float32" if array.dtype == np.float32 else "bool" if array.dtype == bool else "int32"
    words = {np.inf: "Infinity", -np.inf: "-Infinity"}  # JSON has no such numbers
    data = ["NaN" if n != n else words.get(n, float("%.8g" % n)) for n in array.ravel().astype(float).tolist()]
    return {"name": name, "dtype": kind, "shape": list(array.shape), "data": data}


cases = []
for test in collect_testcases(None):
    if test.name not in NAMES:
        continue
    model = ModelProto.FromString(test.model.SerializeToString())
    given, wanted = test.data_sets[0]
    known = {node.input[KNOWN[node.op_type]] for node in model.graph.node if node.op_type in KNOWN and len(node.input) > KNOWN[node.op_type]}
    settings = {v.name: a for v, a in zip(model.graph.input, given)
                if v.name in known or v.type.tensor_type.elem_type == TensorProto.INT64 and test.name.startswith("test_affine")}
    for value in list(model.graph.input):
        if value.name in settings:
            model.graph.initializer.append(numpy_helper.from_array(np.asarray(settings[value.name]), value.name))
            model.graph.input.remove(value)
    inputs = [told(v.name, a) for v, a in zip(test.model.graph.input, given) if v.name not in settings]
    outputs = [told(v.name, a) for v, a in zip(model.graph.output, wanted)]
    text = base64.b64encode(model.SerializeToString()).decode()
    cases.append({"name": test.name[len("test_"):], "model": text, "inputs": inputs, "outputs": outputs})

assert len(cases) == len(NAMES), set(NAMES) - {"test_" + c["name"] for c in cases}
with open(out, "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
