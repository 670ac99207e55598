"""ConvLens' helper for Python: writes the network of a model where ConvLens can open it.

In a notebook, or anywhere a model is alive:

    import convlens
    convlens.save(model, "model.pt2")  # then open model.pt2

As a program, which is what "Run this checkpoint..." and `convlens export` start, with your own Python:

    python convlens.py --entry model.py:Net --input 1x3x224x224 --argument classes=10

It reads model.py, makes Net(classes=10) on the CPU, and writes what torch.export sees of it into the folder that it is
started in, a temporary one of ConvLens'. What stands behind `if __name__ == "__main__":` is not run. Where a script would train when it is imported, only its
imports, classes, functions and constants are run. No checkpoint is unpickled (`weights_only=True`, whatever the script
asks for), nothing is computed on a GPU, nothing is written elsewhere. It needs nothing but torch, or Keras on TensorFlow: there
`--outline` names the keys and shapes of the file of weights, whose numbers are not needed.
"""

import argparse
import ast
import contextlib
import copy
import hashlib
import importlib
import inspect
import json
import os
import random
import sys
import threading
import time
import traceback
import types

# ---------------------------------------------------------------- a model that is alive


def save(model, to, shape=None):
    """Writes a torch.nn.Module or a keras.Model to the file `to`, and returns the path of what was written.

    A module becomes an exported program with its weights (.pt2), or its weights alone (.pth) where torch.export cannot
    follow it; a Keras model becomes a .keras file, or a SavedModel where its class is its own. `shape` is the shape of
    the input, (1, 3, 224, 224); without it, usual ones are tried. The model stays as it is: its mode, gradients, hooks
    and place, and the state of random numbers.
    """
    stem = os.path.splitext(os.path.abspath(os.fspath(to)))[0]
    with _random_kept():
        if _is_keras(model):
            return _save_keras(model, stem)
        torch = sys.modules.get("torch")
        if torch is None or not isinstance(model, torch.nn.Module):
            raise TypeError(f"{type(model).__name__} is neither a torch.nn.Module nor a keras.Model")
        copied = _copy_of(model)
        shapes = [tuple(shape)] if shape is not None else _usual_shapes(copied)
        try:
            return _export(copied, [[each] for each in shapes], stem, onnx=False)[0]
        except Exception as error:
            print(f"convlens: only the weights are saved ({_one_line(error)})", file=sys.stderr)
            state = {key: value.detach().cpu() for key, value in model.state_dict().items()}
            torch.save(state, stem + ".pth")
            return stem + ".pth"


@contextlib.contextmanager
def _random_kept():
    """Whatever draws random numbers in here, the next ones are those that would have come without it."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    own = random.getstate()
    arrays = numpy.random.get_state() if numpy else None
    cpu = torch.get_rng_state() if torch else None
    gpus = torch.cuda.get_rng_state_all() if torch and torch.cuda.is_initialized() else None
    try:
        yield
    finally:
        random.setstate(own)
        if arrays is not None:
            numpy.random.set_state(arrays)
        if cpu is not None:
            torch.set_rng_state(cpu)
        if gpus is not None:
            torch.cuda.set_rng_state_all(gpus)


def _copy_of(model):
    """A copy on the CPU, in eval mode. Tensors are copied there at once: a GPU may have no room for them twice."""
    import torch

    memo = {}
    for tensor in [*model.parameters(), *model.buffers()]:
        own = tensor.detach().to("cpu", copy=True)
        trained = isinstance(tensor, torch.nn.Parameter)
        memo[id(tensor)] = torch.nn.Parameter(own, tensor.requires_grad) if trained else own
    copied = copy.deepcopy(model, memo).eval()
    for module in copied.modules():
        for hooks in (module._forward_hooks, module._forward_pre_hooks):
            for key, hook in list(hooks.items()):
                # torch's own make weights of others; a program's would be told of runs that are none of its own
                if not (getattr(hook, "__module__", None) or type(hook).__module__).startswith("torch."):
                    del hooks[key]
    return copied


def _usual_shapes(model):
    """Shapes of one picture, by the channels that the first convolution takes."""
    for module in model.modules():
        if hasattr(module, "in_channels") and getattr(module, "kernel_size", None):
            channels = module.in_channels
            return [(1, channels, side, side) for side in (224, 32, 28, 64, 96, 128, 256, 299, 384, 512)]
    raise ValueError("it has no convolution; say the shape of its input: convlens.save(model, file, shape=...)")


def _is_keras(model):
    return any(kind.__module__.split(".")[0] in ("keras", "tf_keras") for kind in type(model).__mro__)


def _save_keras(model, stem):
    """As .keras where the file says all; a class of its own says nothing outside of Python, so its function is exported."""
    own = any(_is_own_layer(layer) for layer in model._flatten_layers())
    if not own:
        model.save(stem + ".keras")
        return stem + ".keras"
    folder = stem + "_savedmodel"
    model.export(folder)
    return folder


def _is_own_layer(layer):
    kind = type(layer)
    return kind.__name__ == "Lambda" or kind.__module__.split(".")[0] not in ("keras", "tf_keras")


# ---------------------------------------------------------------- torch.export


def _export(model, examples, stem, onnx=True, say=lambda text: None):
    """The first way that works: (file, what its batch is). `examples` are lists of shapes of the inputs."""
    import torch

    reasons = []
    tries = []
    if hasattr(torch, "export"):
        tries += [("free", _to_program)]
        tries += [("3", _to_program)]
    if onnx:
        tries += [("free", _to_onnx)]
    with torch.no_grad():
        for shapes in examples:
            for batch, how in tries:
                say(f"{how.__doc__} ({'any number of pictures' if batch == 'free' else batch + ' pictures'})")
                try:
                    return how(model, shapes, batch, stem), batch
                except Exception as error:
                    reasons.append(error)
                    traceback.print_exc()
    if not reasons:
        raise RuntimeError("this PyTorch has no torch.export: use 2.1 or newer")
    # a later way often fails for want of a package, which says nothing of the model
    raise reasons[0]


def _inputs_of(shapes, rows):
    import torch

    made = []
    for shape in shapes:
        sizes, kind = (shape[:-1], shape[-1]) if isinstance(shape[-1], str) else (shape, "float32")
        dtype = getattr(torch, kind)
        own = (rows, *sizes[1:])
        made.append(torch.rand(own, dtype=dtype) if dtype.is_floating_point else torch.zeros(own, dtype=dtype))
    return tuple(made)


def _to_program(model, shapes, batch, stem):
    """torch.export"""
    import torch

    inputs = _inputs_of(shapes, 2 if batch == "free" else int(batch))
    free = torch.export.Dim("batch") if batch == "free" else None
    sizes = tuple({0: free} for _ in inputs) if free is not None else None
    try:
        program = torch.export.export(model, inputs, dynamic_shapes=sizes, strict=False)
    except Exception:
        # some programs are only followed by reading their bytecode
        program = torch.export.export(model, inputs, dynamic_shapes=sizes)
    with _removed_on_failure(stem + ".pt2") as file:
        torch.export.save(program, file)
    return file


def _to_onnx(model, shapes, batch, stem):
    """torch.onnx"""
    import torch

    names = [f"input_{i}" for i in range(len(shapes))]
    how = {
        "input_names": names,
        "dynamic_axes": {name: {0: "batch"} for name in names},
        # parameters keep their names and numbers: nothing is folded into another
        "do_constant_folding": False,
        "training": torch.onnx.TrainingMode.PRESERVE,
    }
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        how["dynamo"] = False
    with _removed_on_failure(stem + ".onnx") as file:
        torch.onnx.export(model, _inputs_of(shapes, 2), file, **how)
    return file


@contextlib.contextmanager
def _removed_on_failure(file):
    try:
        yield file
    except BaseException:
        if os.path.exists(file):
            os.remove(file)
        raise


# ---------------------------------------------------------------- Keras


def _to_graph(model, shapes, outline, stem, say):
    """A TensorFlow graph of what the model computes, in which each variable has the key of its numbers: (file, what its batch is)."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    backend = getattr(sys.modules.get("keras"), "backend", None)
    if hasattr(backend, "backend") and backend.backend() != "tensorflow":
        raise RuntimeError(f"Keras runs on {backend.backend()} here: set KERAS_BACKEND=tensorflow")
    say("making its variables")
    specs = _specs_of(model, shapes)
    _called(model, *(tf.zeros([1, *shape[1:]], kind) for shape, kind in specs))
    for batch in (None, 3):
        say(f"following it ({'any number of pictures' if batch is None else f'{batch} pictures'})")
        taken = [tf.TensorSpec([batch, *shape[1:]], kind, name="input") for shape, kind in specs]
        try:
            traced = tf.function(lambda *inputs: _called(model, *inputs)).get_concrete_function(*taken)
            break
        except Exception:
            if batch is not None:
                raise
            traceback.print_exc()
    say("asking Keras where each tensor of the file goes")
    captured, more = _keys(model, traced.variables, outline, os.path.dirname(stem))
    by_handle = {id(variable.handle): (variable, key) for variable, key in zip(traced.variables, captured)}
    given = traced.inputs[len(traced.inputs) - len(traced.captured_inputs) :]
    held = {name.op.name: by_handle[id(one)] for name, one in zip(given, traced.captured_inputs) if id(one) in by_handle}
    graph = convert_variables_to_constants_v2(traced, lower_control_flow=False).graph.as_graph_def()
    for node in graph.node:
        if node.name in held:
            variable, key = held.pop(node.name)
            _as_variable(node, key, variable.dtype.as_datatype_enum, variable.shape)
            node.attr["_name"].s = variable.name.encode()
            node.attr["_trainable"].b = variable.trainable
    if held:
        raise RuntimeError(f"TensorFlow gives no place for {next(iter(held.values()))[0].name}")
    for number, tensor in enumerate(more):
        node = graph.node.add(name=f"unused/{number}")
        _as_variable(node, tensor["key"], tf.as_dtype(tensor["type"]).as_datatype_enum, tf.TensorShape(tensor["shape"]))
    with _removed_on_failure(stem + ".pb") as file, open(file, "wb") as out:
        out.write(graph.SerializeToString())
    return file, "free" if batch is None else str(batch)


def _called(model, *inputs):
    """As it predicts; not every class has a mode."""
    mode = {"training": False} if "training" in inspect.signature(model.call).parameters else {}
    return model(inputs[0] if len(inputs) == 1 else list(inputs), **mode)


def _specs_of(model, shapes):
    """Shapes and element types of the inputs: as asked for, and where the model says other ones, its own."""
    asked = [(shape[:-1], shape[-1]) if isinstance(shape[-1], str) else (shape, "float32") for shape in shapes]
    try:
        own = [(tuple(each.shape), str(getattr(each.dtype, "name", each.dtype))) for each in model.inputs or []]
    except AttributeError:
        own = []
    if not own:
        return asked
    if len(asked) != len(own):
        asked = [(shape, kind) for shape, kind in own]
    return [(tuple(a if b is None else b for a, b in _paired(one, two)), kind) for (one, _), (two, kind) in zip(asked, own)]


def _paired(asked, own):
    """Sizes that are asked for beside the model's; of another number of axes none can be taken."""
    return zip(asked if len(asked) == len(own) else own, own)


def _as_variable(node, key, kind, shape):
    node.op = "VariableV2"
    node.attr.clear()
    node.attr["dtype"].type = kind
    node.attr["shape"].shape.CopyFrom(shape.as_proto())
    node.attr["shared_name"].s = key.encode()


def _keys(model, variables, outline, folder):
    """For each variable the key of the tensor that Keras loads into it, and the tensors that other variables take.

    Keras itself says so: it loads a file of the same layout, twice. In the first the n-th tensor is filled with n; what the second has in
    it shows whether a tensor arrives as it lies in the file.
    """
    import numpy

    tensors = outline["tensors"]
    everywhere = [*variables, *model.variables]

    def numbered(n, shape):
        return numpy.full(shape, n + 1)

    def in_order(n, shape):
        # nowhere what it was before
        return n + 2 + numpy.arange(int(numpy.prod(shape))).reshape(shape) % 127

    arrived = []
    for make in (numbered, in_order):
        file = os.path.join(folder, "layout" + outline["ending"])
        _write_layout(file, outline, make)
        model.load_weights(file)
        os.remove(file)
        arrived.append([numpy.asarray(variable.numpy()).astype("float64") for variable in everywhere])
    found = []
    for first, second in zip(*arrived):
        n = int(first.flat[0]) - 1 if first.size else -1
        loaded = 0 <= n < len(tensors) and (first == n + 1).all() and (second != first).any()
        found.append(n if loaded else None)
        if loaded and (list(first.shape) != tensors[n]["shape"] or (second != in_order(n, first.shape)).any()):
            raise RuntimeError(f"Keras turns '{tensors[n]['key']}' round when it loads it: save the weights with this version")
    captured = found[: len(variables)]
    for variable, n in zip(variables, captured):
        if n is None:
            raise RuntimeError(f"the file of weights has no numbers for {variable.name}")
    homeless = [tensor["key"] for n, tensor in enumerate(tensors) if n not in found]
    if homeless:
        raise RuntimeError(f"it has no place for '{homeless[0]}' ({len(homeless)} of {len(tensors)} tensors of the file)")
    return [tensors[n]["key"] for n in captured], [tensor for n, tensor in enumerate(tensors) if n not in captured]


def _write_layout(file, outline, make):
    """A file of weights of the same layout, with other numbers."""
    import h5py

    with h5py.File(file, "w") as out:
        for group in outline["groups"]:
            own = out.require_group(group["path"] or "/")
            for name, value in group["attributes"].items():
                # as Keras does it: a list may be longer than HDF5 lets an attribute be
                texts = [one.encode() for one in value] if isinstance(value, list) else [value]
                parts = [texts[i : i + 500] for i in range(0, len(texts), 500)] or [[]]
                for i, part in enumerate(parts):
                    key = name if len(parts) == 1 else f"{name}{i}"
                    own.attrs[key] = part if isinstance(value, list) else value
        for n, tensor in enumerate(outline["tensors"]):
            own = out.create_dataset(tensor["key"], data=make(n, tensor["shape"]).astype(_stored_as(tensor["type"])))
            if tensor["type"] == "bfloat16":
                own.attrs["dtype"] = "bfloat16"


def _stored_as(kind):
    if kind != "bfloat16":
        return kind
    import ml_dtypes

    return ml_dtypes.bfloat16


# ---------------------------------------------------------------- a script

# Calls that do nothing but make a value or set something up: a script may make them while it is imported.
_PLAIN = (
    "abspath dirname join os.path. os.environ. os.getcwd Path pathlib. sys.path. math. re.compile "
    "warnings. logging. print getattr hasattr isinstance bool int float str len min max sum round range zip enumerate "
    "dict list tuple set sorted frozenset partial functools. collections. namedtuple OrderedDict TypeVar typing. "
    "nn. torch.nn. torch.device torch.manual_seed torch.set_ torch.cuda.is_available torch.cuda.manual_seed "
    "torch.backends. random.seed np.random.seed numpy.random.seed matplotlib.use keras.utils.set_random_seed "
    "argparse.ArgumentParser ArgumentParser"
).split()
# Of any parser of a command line: what a person would type is told by the settings (`_without_command_line`).
_PARSER = ("add_argument", "add_argument_group", "add_mutually_exclusive_group", "set_defaults", "parse_args", "parse_known_args")


def _dotted(node):
    """`a.b.c` of a name or attribute; "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return _dotted(node.value) + "." + node.attr
    return ""


def _is_plain(call):
    name = _dotted(call.func)
    if "." in name and name.rpartition(".")[2] in _PARSER:
        return True
    return any(name == one or (one.endswith((".", "_")) and name.startswith(one)) for one in _PLAIN)


def _defines(statement):
    """Whether a statement of a module makes names, and does no work."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if isinstance(statement, ast.If):
        return _is_guard(statement) or all(map(_defines, [*statement.body, *statement.orelse]))
    if isinstance(statement, ast.Try):
        handled = [inner for handler in statement.handlers for inner in handler.body]
        return all(map(_defines, [*statement.body, *handled, *statement.orelse, *statement.finalbody]))
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Assert)):
        return all(_is_plain(node) for node in ast.walk(statement) if isinstance(node, ast.Call))
    return isinstance(statement, (ast.Pass, ast.Raise, ast.Delete))


def _is_guard(statement):
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))


def _bound(statement):
    """Names that a statement of a module makes, or changes."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        # `model.fc = ...` changes `model`
        return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return set()


def _needed(body, names):
    """`names`, and all names of the module that making them takes."""
    needed, open_names = set(), [*names]
    while open_names:
        one = open_names.pop()
        if one in needed:
            continue
        needed.add(one)
        for statement in body:
            if one in _bound(statement):
                open_names += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return needed


def _what_to_run(tree, names):
    """The module without what does work, and the lines that were left out; all of it where nothing does."""
    needed = _needed(tree.body, names)
    kept, left = [], []
    for statement in tree.body:
        assigns = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        if _defines(statement) or (assigns and _bound(statement) & needed):
            kept.append(statement)
        else:
            left.append(statement)
    return ast.Module(body=kept, type_ignores=[]), [(one.lineno, one.end_lineno) for one in left]


class _Folders(list):
    """`sys.path`, where a script that adds `..` means it from its own folder."""

    def __init__(self, folders, own):
        super().__init__(folders)
        self.own, self.added = own, []

    def _placed(self, folder):
        placed = os.path.normpath(os.path.join(self.own, os.fspath(folder)))
        self.added.append(placed)
        return placed

    def append(self, folder):
        super().append(self._placed(folder))

    def insert(self, at, folder):
        super().insert(at, self._placed(folder))

    def extend(self, folders):
        super().extend(map(self._placed, folders))


def _load(file, names, say):
    """The module of a script, in which `names` are made; (module, its whole code, the folders of its imports)."""
    folder, parts = os.path.dirname(file), [os.path.splitext(os.path.basename(file))[0]]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    # where a script's own imports are found, in place of this file's folder
    sys.path = _Folders([folder, *sys.path[1:]], os.path.dirname(file))
    sys.argv = [file]
    package = ".".join(parts[:-1])
    if package:
        importlib.import_module(package)
    with open(file, "rb") as source:
        tree = ast.parse(source.read(), file)
    kept, left = _what_to_run(tree, names)
    if left:
        lines = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in left[:20])
        say(f"{os.path.basename(file)}: left out, since they do work when it is imported: lines {lines}")
    module = types.ModuleType(".".join(parts))
    module.__file__, module.__package__ = file, package
    sys.modules[module.__name__] = module
    exec(compile(kept, file, "exec"), module.__dict__)
    return module, tree, [folder, *getattr(sys.path, "added", [])]


def _build(module, tree, entry, arguments, defaults, say):
    """What `entry` names in the module, made with the arguments, and with those of `defaults` that it takes; (model, call)."""
    made, call = module, entry
    for part in entry.split("."):
        if not hasattr(made, part):
            raise AttributeError(f"{os.path.basename(module.__file__)} has no '{part}'; it has {_offers(module)}")
        made = getattr(made, part)
    if not _is_model(made):
        if not callable(made):
            raise TypeError(f"{entry} is neither a class nor a function nor a model")
        takes = inspect.signature(made)
        arguments = {**{name: value for name, value in defaults.items() if name in takes.parameters}, **arguments}
        arguments = {**_holders(module, tree, takes, arguments, defaults), **arguments}
        call = f"{entry}({', '.join(f'{name}={_told(value)}' for name, value in arguments.items())})"
        say(f"making {call}")
        try:
            takes.bind(**arguments)
        except TypeError as error:
            raise TypeError(f"{entry}{takes}: {error}") from None
        made = made(**arguments)
    models = [one for one in made if _is_model(one)] if isinstance(made, (tuple, list)) else [made]
    if len(models) != 1 or not _is_model(models[0]):
        raise TypeError(f"{entry} gives {type(made).__name__}, no torch.nn.Module and no keras.Model")
    model = models[0]
    # DataParallel and its like
    while type(model).__name__.endswith("DataParallel"):
        model = model.module
    return model, call


# What a class calls all its settings in one: `Net(args)`, `build(cfg)`.
_HOLDERS = "args arg opt opts cfg conf config configs hparams hparam hps params options settings flags FLAGS".split()


def _told(value):
    """As code has it; of many settings the first few."""
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


class Settings(argparse.Namespace):
    """Settings by attribute and by key."""

    def __getitem__(self, name):
        return getattr(self, name)

    def get(self, name, other=None):
        return getattr(self, name, other)

    def keys(self):
        return vars(self).keys()

    def items(self):
        return vars(self).items()


def _holder(values):
    return Settings(**{name: _holder(value) if isinstance(value, dict) else value for name, value in values.items()})


def _holders(module, tree, takes, arguments, defaults):
    """Arguments that nobody gave, and that hold settings: of the class that they are annotated with, the script's own, or what its command line has."""
    found = {}
    for name, parameter in takes.parameters.items():
        if name in arguments or parameter.default is not parameter.empty or parameter.kind in (2, 4):
            continue
        kind = parameter.annotation
        kind = getattr(module, kind, None) if isinstance(kind, str) else kind
        if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__"):
            found[name] = kind(**{key: value for key, value in defaults.items() if key in kind.__dataclass_fields__})
        elif name in _HOLDERS:
            own = next((vars(module)[each] for each in (name, name.upper()) if each in vars(module)), None)
            values = own if isinstance(own, dict) else vars(own) if isinstance(own, argparse.Namespace) else None
            if own is not None and not callable(own) and not _known(values or {}, defaults):
                found[name] = own
                continue
            # what a checkpoint kept comes before what the script has today
            values = {**_command_line(tree), **defaults} if values is None else {**values, **_known(values, defaults)}
            if values:
                found[name] = _holder(values)
    return found


def _known(values, defaults):
    return {name: value for name, value in defaults.items() if name in values}


def _command_line(tree):
    """What `add_argument` calls of a script have as defaults, wherever they stand."""
    found = {}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "add_argument":
            continue
        names = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        told = {one.arg: one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)}
        lists = {one.arg: ast.literal_eval(one.value) for one in call.keywords if _is_literal(one.value)}
        long = next((name for name in names if name.startswith("--")), names[0] if names else "")
        key = told.get("dest", long.lstrip("-").replace("-", "_"))
        unset = {"store_true": False, "store_false": True}.get(told.get("action"))
        if key:
            found[key] = lists.get("default", unset)
    return found


def _is_literal(node):
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def _without_command_line(defaults):
    """A script that reads its command line gets what a checkpoint kept of it, and else its defaults; nothing is required."""
    typed = argparse.ArgumentParser.parse_known_args

    def parse_known_args(self, args=None, namespace=None):
        for action in self._actions:
            action.required = False
            if not action.option_strings:
                action.nargs = "?"
        found, _ = typed(self, [], namespace)
        for name, value in defaults.items():
            if hasattr(found, name):
                setattr(found, name, value)
        return found, []

    argparse.ArgumentParser.parse_known_args = parse_known_args


def _is_model(thing):
    torch = sys.modules.get("torch")
    return (torch is not None and isinstance(thing, torch.nn.Module)) or _is_keras(thing)


def _offers(module):
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__]
    return ", ".join(own[:12]) or "nothing of its own"


def _sources(folders, here):
    """The files of the person's own code that were read, with their SHA-256."""
    files = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    inside = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
    # what libraries write while they are imported goes with the folder of this run
    made = os.path.join(os.path.realpath(here), "")
    found = []
    # some modules of libraries only say where they would lie
    for file in sorted({os.path.realpath(file) for file in files if os.path.isfile(file)}):
        installed = any(part in ("site-packages", "dist-packages") for part in file.split(os.sep))
        if file.startswith(inside) and not file.startswith(made) and not installed:
            with open(file, "rb") as source:
                found.append({"path": file, "sha256": hashlib.sha256(source.read()).hexdigest()})
    return found


# ---------------------------------------------------------------- as a program


def _on_cpu():
    """Before torch is imported, and after."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    # torch.load of a script's own unpickles tensors and nothing else
    os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"
    os.environ.pop("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", None)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def _without_gpu():
    import torch

    torch.nn.Module.cuda = lambda self, *args, **how: self
    torch.Tensor.cuda = lambda self, *args, **how: self
    for kind in (torch.nn.Module, torch.Tensor):
        kind.to = _staying(kind.to)
    if hasattr(torch.backends, "mps"):
        torch.backends.mps.is_available = lambda: False


def _staying(to):
    """`.to(device)` that knows no other device than the CPU."""

    def place(one):
        return "cpu" if str(one).split(":")[0] in ("cuda", "mps", "xpu") else one

    def on_cpu(self, *args, **how):
        return to(self, *map(place, args), **{name: place(value) for name, value in how.items()})

    return on_cpu


def _without_downloads():
    """Networks that begin with weights from elsewhere begin without: the file of weights has them all."""
    import torch

    class Unneeded(dict):
        pass

    load = torch.nn.Module.load_state_dict

    def load_state_dict(self, state, *args, **how):
        return None if isinstance(state, Unneeded) else load(self, state, *args, **how)

    torch.nn.Module.load_state_dict = load_state_dict
    torch.hub.load_state_dict_from_url = lambda *args, **how: Unneeded()


class _Bare(str):
    """A text without quotation marks."""


def _value(text):
    """`10`, `True`, `(1, 2)` as Python has them; anything else is a text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return _Bare(text)


def _of_script(value, module, tree):
    """A text that is the name of something that the script itself assigns is that: `CONFIG`."""
    assigned = any(isinstance(one, (ast.Assign, ast.AnnAssign)) and value in _bound(one) for one in tree.body)
    return getattr(module, value, str(value)) if assigned else str(value)


def _named(texts):
    return {name: _value(value) for name, _, value in (text.partition("=") for text in texts)}


def _shape(text):
    """`1x3x224x224`, or `1x16:int64`."""
    sizes, _, kind = text.partition(":")
    return (*map(int, sizes.split("x")), *([kind] if kind else []))


def _one_line(error):
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first.strip()[:300]}"


def _run(options, here, say):
    file, _, entry = options.entry.rpartition(":")
    file = os.path.realpath(file)
    arguments, defaults = _named(options.argument), _named(options.default)
    say("reading the script, and what it imports")
    _without_command_line(defaults)
    with contextlib.suppress(ImportError):
        _without_gpu()
        _without_downloads()
    words = [value for value in arguments.values() if isinstance(value, _Bare)]
    module, tree, folders = _load(file, [entry.split(".")[0], *words], say)
    arguments = {name: _of_script(value, module, tree) if isinstance(value, _Bare) else value for name, value in arguments.items()}
    model, call = _build(module, tree, entry, arguments, defaults, say)
    stem = os.path.join(here, "structure")
    shapes = [_shape(text) for text in options.input]
    if _is_keras(model) != bool(options.outline):
        raise TypeError(f"{entry} gives a model of {'Keras' if _is_keras(model) else 'PyTorch'}, and the weights are none of it")
    if options.outline:
        with open(options.outline, encoding="utf-8") as layout:
            written, batch = _to_graph(model, shapes, json.load(layout), stem, say)
    else:
        written, batch = _export(model.eval(), [shapes] if shapes else [[one] for one in _usual_shapes(model)], stem, say=say)
    return {"file": os.path.basename(written), "call": call, "batch": batch, "sources": _sources(folders, here)}


def _end_with(parent):
    """Whoever started this and is gone waits for nothing."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entry", required=True, help="model.py:Net, a class, a function or a variable")
    parser.add_argument("--input", action="append", default=[], help="shape of an input: 1x3x224x224, 1x16:int64")
    parser.add_argument("--argument", action="append", default=[], help="name=value, for the class or function")
    parser.add_argument("--outline", help="for Keras: a JSON file with keys, shapes and layout of the file of weights")
    parser.add_argument("--default", action="append", default=[], help="the same, where it takes one of that name")
    options = parser.parse_args()
    # a script may go elsewhere
    here = os.getcwd()
    _on_cpu()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # what the script prints is no answer of ours
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(text):
        print(text, file=answers, flush=True)

    try:
        result, code = _run(options, here, say), 0
    except BaseException as error:
        traceback.print_exc()
        result, code = {"error": _one_line(error)}, 1
    with open(os.path.join(here, "result.json"), "w", encoding="utf-8") as file:
        json.dump(result, file)
    sys.stderr.flush()
    answers.flush()
    # threads that a script began keep no process alive
    os._exit(code)


if __name__ == "__main__":
    _main()
