"""Files with the structure of Ultralytics' (test/support/make-ultralytics.py): what is explained of a detector is a class of its surest box."""

import copy
import functools
import importlib.util
import logging
import os
import warnings
from pathlib import Path

import torch

from case import arguments, serve
from torch_model import case_of

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)
spec = importlib.util.spec_from_file_location("ultralytics_made", Path(__file__).resolve().parent.parent.parent / "support" / "make-ultralytics.py")
support = importlib.util.module_from_spec(spec)
spec.loader.exec_module(support)


def class_of_surest_box(classes, anchored):
    """A class' logit, of each row, at the box whose largest class score (times that of an object) is the largest in the first row."""

    def score(y, index):
        table = y if anchored else y.transpose(1, 2)
        of_object, first = (table[..., 4:5], 5) if anchored else (1, 4)
        scores = table[..., first : first + classes]
        box = (scores * of_object)[0].detach().amax(1).argmax()
        return scores[:, box, index].logit()

    return score


def before_softmax(model, x):
    """What the last layer of a classifier gives, whose output is behind a softmax."""
    logits = []
    handle = model.model[-1].linear.register_forward_hook(lambda module, inputs, output: logits.append(output))
    model(x)
    handle.remove()
    return logits[0]


def first_output(model, x):
    y = model(x)
    return y[0] if isinstance(y, tuple) else y


def saved(model, half):
    def write(folder):
        support.save(copy.deepcopy(model), half, os.path.join(folder, "best.pt"))
        return "best.pt"

    return write


def cases():
    _, only = arguments()
    for name, model, half in support.networks():
        file = f"ultralytics_{name}.pt"
        if only not in file:
            continue
        classes = len(model.names)
        how = {"scores": before_softmax} if name.endswith("classify") else {"score": class_of_surest_box(classes, name.startswith("v5"))}
        made = functools.partial(copy.deepcopy, model)
        yield case_of(file, "ultralytics", made, saved(model, half), [3, 32, 32], first_output, range(min(classes, 2)), **how)


serve(cases())
