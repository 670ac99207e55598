"""Stands in for torch where only what the helper runs is looked at: no number comes of it."""

import contextlib
import types

float32 = types.SimpleNamespace(is_floating_point=True)


class Tensor:
    def to(self, *args, **how):
        return self


class Module:
    def eval(self):
        return self

    def to(self, *args, **how):
        if "cuda" in args:
            raise RuntimeError("No CUDA GPUs are available")
        return self

    def load_state_dict(self, state):
        if "conv" not in state:
            raise KeyError("conv")

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


nn = types.SimpleNamespace(Module=Module, ReLU=Module, Linear=lambda *sizes: Module())
hub = types.SimpleNamespace(load_state_dict_from_url=None)
backends = types.SimpleNamespace()
cuda = types.SimpleNamespace(is_initialized=lambda: False)


def rand(*sizes, dtype=None):
    return sizes[0] if len(sizes) == 1 else sizes


@contextlib.contextmanager
def no_grad():
    yield


def _export(model, inputs, dynamic_shapes=None, strict=True):
    if getattr(model, "free", True) is False and dynamic_shapes is not None:
        raise ValueError("batch is 2")
    return [type(model).__name__, inputs, dynamic_shapes is not None]


def _save(program, file):
    with open(file, "w") as out:
        out.write(repr(program))
    if program[0] == "Full":
        raise OSError("No space left on device")


export = types.SimpleNamespace(Dim=lambda name: name, export=_export, save=_save)
