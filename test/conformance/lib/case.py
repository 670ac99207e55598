"""What a suite's Python script uses to hand over its cases, one at a time (see ../README.md).

    from case import Case, LeftOut, arguments, serve
    def cases():
        yield Case("resnet18", "torchvision", model, inputs={"x": x}, outputs={"y": y}, maps={"layer1.0.conv1": m})
    serve(cases())
"""

import json
import os
import shutil
import sys

import numpy as np


def arguments():
    """(quick, only): whether the short run is wanted, and the part of a name that cases must have, or ''."""
    only = [a[len("--case="):] for a in sys.argv if a.startswith("--case=")]
    return "--quick" in sys.argv, only[0] if only else ""


class Case:
    """One model with what its library computes. Arrays are in the order of the file (NCHW where it is).

    name       unique in the suite; ids made of letters, digits, '.', '_' and '-' are best
    group      the row of the report that it counts in
    model      a function that gets an empty folder, writes the model there and returns its path in it
    inputs     by name; a list where the order counts and not the name
    outputs    by name, or a list
    maps       outputs of layers, by the layer's name or alias
    gradients  by input's name: d sum(output * seed) / d input, of the first output
    seed       of the gradients, of the first output's shape; ones when left out
    weights    parameters by (layer, parameter), e.g. for files without a graph
    noise      by what is compared ('output y', 'map conv1', 'gradient x'): how far the library's own float32 is from its float64,
               relative to the maximum. A difference up to four times that passes: it is float32's, not ours. Or a function that
               returns it, or gives more of it one after the other: asked only when something is farther off than 1e-4, for it costs
               more than all the rest.
    size       (rows, columns) for a model whose input size is free
    explain    True: Grad-CAM and Integrated Gradients have to run, too
    explained  what they are, for the first row: by (method, layer or "", class), as torch_model.py's `explanations` has them
    """

    def __init__(self, name, group, model, inputs=(), outputs=(), maps=None, gradients=None, seed=None, weights=None,
                 noise=None, size=None, explain=False, explained=None):
        self.name, self.group, self.model = name, group, model
        self.arrays = {"inputs": inputs, "outputs": outputs, "maps": maps or {}, "gradients": gradients or {}}
        self.weights, self.seed, self.noise, self.size, self.explain = weights or {}, seed, noise or {}, size, explain
        self.explained = explained or {}
        # what is left to be told of the noise
        self.noises = None

    def write(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        noise = {} if callable(self.noise) else self.noise
        told = {"name": self.name, "group": self.group, "model": self.model(folder), "noise": noise, "size": self.size,
                "explain": self.explain}
        count = 0

        def save(array):
            nonlocal count
            count += 1
            file = "array%d.npy" % count
            np.save(os.path.join(folder, file), np.asarray(array))
            return file

        for kind, arrays in self.arrays.items():
            named = arrays.items() if isinstance(arrays, dict) else [(None, a) for a in arrays]
            told[kind] = [{"name": name, "file": save(a)} for name, a in named]
        told["weights"] = [{"name": layer, "parameter": p, "file": save(a)} for (layer, p), a in self.weights.items()]
        told["explained"] = [
            {"method": method, "layer": layer, "class": index, "file": save(a)} for (method, layer, index), a in self.explained.items()
        ]
        told["seed"] = None if self.seed is None else save(self.seed)
        self.told = told
        self.describe(folder)

    def describe(self, folder):
        with open(os.path.join(folder, "case.json"), "w") as file:
            json.dump(self.told, file)

    def tell_noise(self, folder):
        """Tells more of it; whether there was more."""
        if self.noises is None:
            told = self.noise()
            self.noises = iter([told] if isinstance(told, dict) else told)
        more = next(self.noises, None)
        self.told["noise"] = more or self.told["noise"]
        self.describe(folder)
        return more is not None


class LeftOut:
    """A case that is not tried, with the reason."""

    def __init__(self, name, group, reason):
        self.name, self.group, self.reason = name, group, reason


def serve(cases):
    """Hands over each case in the folder of the command line's first argument and waits until it was looked at."""
    folder = os.path.join(sys.argv[1], "case")
    only = arguments()[1]
    answers = sys.stdout
    sys.stdout = sys.stderr  # libraries print as they like
    for each in cases:
        if only not in each.name:
            continue
        told = {"name": each.name, "group": each.group}
        if isinstance(each, LeftOut):
            told["leftOut"] = each.reason
        else:
            each.write(folder)
            told["folder"], told["noise"] = folder, "on request" if callable(each.noise) else "told"
        asked = "noise"
        while asked == "noise":
            print(json.dumps(told), file=answers, flush=True)
            line = sys.stdin.readline()
            if line == "":
                return
            asked = line.strip()
            if asked == "noise":
                told["noise"] = "on request" if each.tell_noise(folder) else "told"
