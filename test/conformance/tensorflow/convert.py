"""What TensorFlow and its converters make of a Keras 2 model. Each function writes into a folder and returns the model's path in it."""

import os
import sys
import types

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def saved_model(model, folder):
    tf.saved_model.save(model, os.path.join(folder, "model"))
    return "model"


def constant_function(model):
    x = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="x")
    call = tf.function(lambda x: model(x, training=False)).get_concrete_function(x)
    return convert_variables_to_constants_v2(call)


def write_graph(graph_def, folder):
    with open(os.path.join(folder, "model.pb"), "wb") as file:
        file.write(graph_def.SerializeToString())
    return "model.pb"


def frozen(model, folder):
    return write_graph(constant_function(model).graph.as_graph_def(), folder)


def folded(model, folder):
    """Through grappler, as serving and the converters do: constants folded, operations fused."""
    from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
    from tensorflow.python.grappler import tf_optimizer
    from tensorflow.python.training.saver import export_meta_graph

    function = constant_function(model)
    graph_def = function.graph.as_graph_def()
    meta = export_meta_graph(graph_def=graph_def, graph=function.graph)
    for kind, tensors in (("inputs", function.inputs), ("outputs", function.outputs)):
        nodes = meta_graph_pb2.CollectionDef()
        nodes.node_list.value.extend(t.name for t in tensors)
        meta.collection_def["train_op" if kind == "outputs" else "inputs"].CopyFrom(nodes)
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(
        ["pruning", "constfold", "arithmetic", "dependency", "remap", "constfold", "arithmetic", "dependency"])
    return write_graph(tf_optimizer.OptimizeGraph(config, meta), folder)


def _tensorflowjs():
    """tensorflowjs imports libraries for formats that are not converted here."""
    sys.modules.setdefault("tf_keras", keras)
    for name in ("tensorflow_decision_forests", "tensorflow_hub", "jax", "jax.experimental", "jax.experimental.jax2tf",
                 "flax"):
        if name not in sys.modules:
            module = types.ModuleType(name)
            module.__path__ = []
            sys.modules[name] = module
    import tensorflowjs

    return tensorflowjs


def tfjs_graph(model, folder, **more):
    _tensorflowjs()
    from tensorflowjs.converters import tf_saved_model_conversion_v2

    tf.saved_model.save(model, os.path.join(folder, "saved"))
    tf_saved_model_conversion_v2.convert_tf_saved_model(
        os.path.join(folder, "saved"), os.path.join(folder, "model"), **more)
    return "model"


def tfjs_layers(model, folder, **more):
    _tensorflowjs().converters.save_keras_model(model, os.path.join(folder, "model"), **more)
    return "model"
