"""Writes, beside each script of test/golden/data/own, what ConvLens' helper exports of it (NAME.pt2, parameters without numbers) and what PyTorch
computes with weights that a formula gives (NAME.json; see known-network.ts).

    venv/bin/python test/support/make-own.py        with requirements-torch.txt of test/conformance/environments
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
from exported import pack, without_places
from formulas import picture, weights

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "golden" / "data" / "own"
HELPER = HERE.parent.parent / "media" / "python" / "convlens.py"
sys.dont_write_bytecode = True
sys.path.append(str(HELPER.parent))
import convlens  # noqa: E402

# entry, channels, side of the picture, arguments
NETWORKS = {
    "lenet": ("LeNet", 1, 28, {"num_classes": 10}),
    "cifar_resnet": ("resnet20", 3, 32, {"num_classes": 10}),
    "unet": ("UNet", 3, 48, {"n_channels": 3, "n_classes": 2}),
    "vgg": ("VGG", 3, 32, {"vgg_name": "VGG9", "num_classes": 20}),
    "mobile": ("MobileNet", 3, 64, {"num_classes": 5, "width_mult": 0.5}),
    "vit": ("ViT", 3, 32, {"num_classes": 6}),
    "dense": ("DenseNet", 3, 32, {"growth_rate": 6, "block_config": [2, 2]}),
    "train": ("get_model", 3, 40, {}),
}


def exported(name, entry, shape, words):
    """What the helper writes, without the numbers of parameters and the lines of the machine."""
    given = [word for one in words for word in ("--argument", one)]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(HELPER), "--entry", f"{OUT / name}.py:{entry}", "--input", shape, *given], cwd=folder, check=True)
        program = torch.export.load(os.path.join(folder, "structure.pt2"))
    for key, value in program.state_dict.items():
        if isinstance(value, torch.nn.Parameter):
            zeros = torch.zeros((), dtype=value.dtype).expand(value.shape)
            program.state_dict[key] = torch.nn.Parameter(zeros, requires_grad=False)
    return without_places(program)


for name, (entry, channels, side, arguments) in NETWORKS.items():
    shape = f"1x{channels}x{side}x{side}"
    words = [f"{key}={value}" for key, value in arguments.items()]
    torch.export.save(exported(name, entry, shape, words), OUT / f"{name}.pt2")
    pack(OUT / f"{name}.pt2")
    # with the helper's eyes: what a script would train is left out
    module, *_ = convlens._load(str(OUT / f"{name}.py"), [entry], lambda text: None)
    model = getattr(module, entry)(**arguments).eval()
    state = model.state_dict()
    keys = [key for key, value in state.items() if value.is_floating_point()]
    for seed, key in enumerate(keys):
        state[key] = weights(key, tuple(state[key].shape), seed)
    model.load_state_dict(state)
    with torch.no_grad():
        y = model(picture(side, channels))
    y = y.permute(0, 2, 3, 1) if y.dim() == 4 else y
    told = {
        "entry": entry, "input": shape, "arguments": words, "side": side, "channels": channels,
        "tensors": [[key, list(state[key].shape)] for key in keys], "logits": y.flatten()[:2000].tolist(),
    }  # fmt: skip
    (OUT / f"{name}.json").write_text(json.dumps(told) + "\n")
    print(name, tuple(y.shape), y.abs().max().item(), len(keys))
