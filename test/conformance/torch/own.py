"""Networks of people's own scripts (test/golden/data/own), fine-tuned: a checkpoint beside what ConvLens' helper exported of the script once.

Weights and batch-norm statistics are random; the exported program beside them has none.
"""

import json
import logging
import os
import shutil
import sys
import warnings
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent.parent / "golden" / "data" / "own"
sys.path.append(str(HERE.parent.parent.parent / "media" / "python"))

import convlens  # noqa: E402
from case import arguments, serve  # noqa: E402
from torch_model import case_of, randomise  # noqa: E402

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(2)


def made(name):
    """The network that NAME.json says was exported, as the helper makes it; and the size of its picture."""
    told = json.loads((SCRIPTS / f"{name}.json").read_text())
    torch.manual_seed(0)
    argv, path = sys.argv, list(sys.path)
    try:
        module, _ = convlens._load(str(SCRIPTS / f"{name}.py"), told["entry"], lambda text: None)
    finally:
        sys.argv, sys.path[:] = argv, path
    model, _ = convlens._build(module, told["entry"], convlens._named(told["arguments"]), {}, lambda text: None)
    return randomise(model), [int(size) for size in told["input"].split("x")[1:]]


def saved(name):
    def write(folder):
        shutil.copy(SCRIPTS / f"{name}.pt2", folder)
        torch.save({"epoch": 3, "model": made(name)[0].state_dict()}, os.path.join(folder, "best.pth"))
        return "best.pth"

    return write


def cases():
    _, only = arguments()
    for file in sorted(SCRIPTS.glob("*.py")):
        if only in file.name:
            size = made(file.stem)[1]
            yield case_of(file.name, "own", lambda name=file.stem: made(name)[0], saved(file.stem), size)


serve(cases())
