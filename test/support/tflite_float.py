"""A .tflite file with integers -> the same file in float32: what a float surrogate of it has to compute."""

import numpy as np
import tensorflow as tf
from flatbuffers import Builder
from tensorflow.lite.python import schema_py_generated as schema

INTEGERS = {schema.TensorType.INT8: np.int8, schema.TensorType.UINT8: np.uint8, schema.TensorType.INT16: np.int16,
            schema.TensorType.INT32: np.int32, schema.TensorType.INT64: np.int64}


def dequantised(data):
    """Integers that stand for real numbers become these numbers, float16 float32; QUANTIZE and DEQUANTIZE disappear."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    graph = model.subgraphs[0]
    for tensor in graph.tensors:
        raw = model.buffers[tensor.buffer].data
        q = tensor.quantization
        real = q is not None and q.scale is not None and len(q.scale) > 0 and tensor.type in INTEGERS
        if real and raw is not None and len(raw):
            values = np.frombuffer(bytes(raw), INTEGERS[tensor.type]).reshape(tensor.shape).astype("float64")
            along = [1] * values.ndim
            if len(q.scale) > 1:
                along[q.quantizedDimension] = len(q.scale)
            scale, zero = np.reshape(q.scale, along), np.reshape(q.zeroPoint, along)
            put(model, tensor, ((values - zero) * scale).astype("float32"))
        elif raw is not None and len(raw) and tensor.type == schema.TensorType.FLOAT16:
            put(model, tensor, np.frombuffer(bytes(raw), "float16").astype("float32"))
        if real or tensor.type == schema.TensorType.FLOAT16:
            tensor.type, tensor.quantization = schema.TensorType.FLOAT32, None
    codes = [max(c.builtinCode, c.deprecatedBuiltinCode) for c in model.operatorCodes]
    gone = (schema.BuiltinOperator.QUANTIZE, schema.BuiltinOperator.DEQUANTIZE)
    same = {}
    kept = []
    for operator in graph.operators:
        operator.inputs = [same.get(i, i) for i in operator.inputs]
        if codes[operator.opcodeIndex] in gone:
            same[operator.outputs[0]] = operator.inputs[0]
        else:
            kept.append(operator)
    graph.operators = kept
    graph.outputs = [same.get(i, i) for i in graph.outputs]
    for signature in model.signatureDefs or []:
        for one in signature.outputs:
            one.tensorIndex = same.get(one.tensorIndex, one.tensorIndex)
    return packed(model)


def packed(model):
    builder = Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def with_outputs(data, indices):
    """The same network with these tensors as its outputs: the interpreter keeps no others (it computes in place)."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    model.subgraphs[0].outputs = list(indices)
    model.signatureDefs = None
    return packed(model)


def put(model, tensor, values):
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(values.tobytes(), np.uint8)
    model.buffers.append(buffer)
    tensor.buffer = len(model.buffers) - 1


def interpreter_of(data, inputs):
    plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = tf.lite.Interpreter(model_content=data, experimental_op_resolver_type=plain)
    for told, value in zip(interpreter.get_input_details(), inputs):
        interpreter.resize_tensor_input(told["index"], value.shape)
    interpreter.allocate_tensors()
    for told, value in zip(interpreter.get_input_details(), inputs):
        scale, zero = told["quantization"]
        if scale:
            limits = np.iinfo(told["dtype"])
            value = np.clip(np.round(value / scale + zero), limits.min, limits.max)
        interpreter.set_tensor(told["index"], value.astype(told["dtype"]))
    interpreter.invoke()
    return interpreter


def interpret(data, inputs, quanta=False):
    """Outputs of the interpreter's reference kernels as real numbers; with `quanta` pairs of these and the output's step, None without steps."""
    interpreter = interpreter_of(data, inputs)
    found = []
    for told in interpreter.get_output_details():
        value = interpreter.get_tensor(told["index"])
        scale, zero = told["quantization"]
        found.append(((value.astype("float64") - zero) * scale if scale else value, scale))
    if not quanta:
        return [value for value, _ in found]
    return found if all(scale for _, scale in found) else None
