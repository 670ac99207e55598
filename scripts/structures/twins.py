"""Which networks of timm and torchvision have the keys and shapes of one in the library, and are not in it: what weights cannot tell apart
must be proposed together (see ../structures.mjs).

    python scripts/structures/twins.py        one line for each: the network of the library, and its twins that are missing
"""

import json
import logging
import pathlib
import warnings

import torch

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
for each in [name for name in dir(torch.nn.init) if name.endswith("_") and not name.startswith("_")]:
    setattr(torch.nn.init, each, lambda tensor, *args, **kwargs: tensor)

import timm  # noqa: E402
import torchvision  # noqa: E402
from networks import build  # noqa: E402

LIBRARY = pathlib.Path(__file__).resolve().parent.parent.parent / "library" / "index.json"
# larger ones are no part of the library
MOST = 200e6


def state(name):
    """Keys and shapes, with as many classes for each; null where it cannot be made."""
    try:
        with torch.device("meta"):
            model = build(name, 7)
    except Exception:
        try:
            model = build(name, 7)
        except Exception:
            return None
    shapes = {key: tuple(value.shape) for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
    if sum(torch.Size(shape).numel() for shape in shapes.values()) > MOST:
        return None
    return tuple(sorted(shapes.items()))


known = [names for names in (network["names"] for network in json.loads(LIBRARY.read_text())["networks"])]
listed = {name for names in known for name in names}
index = {}
for names in known:
    if not names[0].startswith("smp/"):
        index.setdefault(state(names[0]), []).append(names[0])
everything = [f"timm/{name}" for name in timm.list_models()] + [f"torchvision/{name}" for name in torchvision.models.list_models(torchvision.models)]
twins = {}
for name in everything:
    if name in listed or (name.startswith("timm/") and "huge" in name):
        continue
    own = state(name)
    if own is not None and own in index:
        twins.setdefault(own, []).append(name)
for own, names in twins.items():
    print(index[own][0], *names, flush=True)
