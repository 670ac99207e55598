"""Records networks of torchvision, timm, segmentation-models-pytorch and transformers as exported programs without weights (see ../structures.mjs).

Asked line by line on the standard input, in JSON; each answer is a line. Networks are called as they are on ConvLens' command line.

    {"record": "torchvision/resnet50"}      the program in FOLDER/network.pt2, and what its library says of pictures and classes
    {"same": ["timm/resnet50", "timm/..."]} whether two with the same keys and shapes compute the same: the difference, relative

    python record.py FOLDER
"""

import copy
import importlib.metadata
import importlib.util
import inspect
import json
import logging
import math
import os
import sys
import warnings

import torch

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)
torch.set_num_threads(1)

# random weights take most of the time, and only comparisons look at them
initialised = False


def unless_recorded(fill):
    return lambda tensor, *args, **kwargs: fill(tensor, *args, **kwargs) if initialised else tensor


for each in [name for name in dir(torch.nn.init) if name.endswith("_") and not name.startswith("_")]:
    setattr(torch.nn.init, each, unless_recorded(getattr(torch.nn.init, each)))

import hugging_face  # noqa: E402
import segmentation_models_pytorch as smp  # noqa: E402
import timm  # noqa: E402
import torchvision  # noqa: E402
from networks import DETECTION, SEGMENTATION, Segmentation, build, side_of  # noqa: E402


def attention(self, query, key, value, need_weights=True, attn_mask=None, **others):
    """
    What torch.nn.MultiheadAttention computes of one sequence, head beside head: as it is written there, heads and pictures share an axis, and
    then no reader can tell that pictures stay apart.
    """
    if query is not key or key is not value or attn_mask is not None or self.in_proj_weight is None or self.bias_k is not None:
        raise ValueError("attention between two sequences, or with a mask")
    x = query if self.batch_first else query.transpose(0, 1)
    heads = torch.nn.functional.linear(x, self.in_proj_weight, self.in_proj_bias).unflatten(-1, (3, self.num_heads, -1))
    q, k, v = heads.permute(2, 0, 3, 1, 4).unbind(0)
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    y = torch.nn.functional.linear(y, self.out_proj.weight, self.out_proj.bias)
    return (y if self.batch_first else y.transpose(0, 1)), None


torch.nn.MultiheadAttention.forward = attention


def shapes(model):
    return {key: list(value.shape) for key, value in model.state_dict().items()}


def classes_of(name):
    """The names of its classes, where its published weights have some."""
    library, own = name.split("/", 1)
    if library == "smp":
        return None
    if library == "transformers":
        return "imagenet-1k"
    if library == "timm":
        cfg = timm.get_pretrained_cfg(own)
        return "imagenet-1k" if cfg is not None and cfg.num_classes == 1000 else None
    plain = own.split("+")[0]
    return "voc" if plain in SEGMENTATION else "coco" if plain in DETECTION else "imagenet-1k"


def settings_of(name):
    """What its constructor is given that no weight shows, as the library writes it into config.json."""
    library, own = name.split("/", 1)
    if library == "timm":
        model = timm.create_model(own)
        pool = getattr(model, "global_pool", None)
        pool = getattr(pool, "pool_type", pool)
        return {"global_pool": pool} if isinstance(pool, str) else {}
    if library == "transformers":
        return hugging_face.settings_of(own)
    if library == "smp":
        told = inspect.signature(getattr(smp, own.split("-", 1)[0]).__init__).parameters
        plain = {key: one.default for key, one in told.items() if one.default is not inspect.Parameter.empty}
        beside = ("classes", "in_channels", "encoder_name", "encoder_weights", "aux_params")
        return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items() if key not in beside}
    return {}


def export(model, side, any_size):
    """
    With a free batch (and pictures of `any_size` that 32 divides) where the exporter can; else with a batch of one, which readers free
    where each picture stays by itself.
    """
    x = torch.zeros(2, 3, *side)
    batch = torch.export.Dim("batch", max=1024)
    rows, columns = (32 * torch.export.Dim(name, min=2, max=256) for name in ("_rows", "_columns"))
    wide = torch.zeros(2, 3, side[0], side[1] + 32)
    tries = [
        *([lambda: torch.export.export(model, (wide,), dynamic_shapes=({0: batch, 2: rows, 3: columns},), strict=False)] if any_size else []),
        lambda: torch.export.export(model, (x,), dynamic_shapes=({0: batch},), strict=False),
        lambda: torch.export.export(model, (x[:1],), strict=False),
        lambda: torch.export.export(model, (x[:1],), strict=True),
    ]
    failed = None
    for attempt in tries:
        try:
            with torch.no_grad():
                return attempt()
        except Exception as error:
            failed = failed or error
    raise failed


def record(name, folder):
    side, preprocess = side_of(name)
    model = build(name)
    state = model.state_dict()
    own, others = shapes(model), shapes(build(name, 7))
    if own.keys() != others.keys():
        raise ValueError("its keys depend on the number of classes")
    heads = [key for key, shape in own.items() if shape != others[key]]
    program = export(model, side, any_size=isinstance(model, Segmentation) or name.startswith("smp/"))
    for node in program.graph.nodes:
        # lines of the machine that recorded it
        node.meta.pop("stack_trace", None)
    parameters = {spec.target for spec in program.graph_signature.input_specs if spec.target}
    # its numbers are random, and no part of the structure: one zero is written for each; buffers may be tables that the program looks up
    for key, value in program.state_dict.items():
        if isinstance(value, torch.nn.Parameter):
            zeros = torch.zeros((), dtype=value.dtype).expand(value.shape)
            program.state_dict[key] = torch.nn.Parameter(zeros, requires_grad=False)
    torch.export.save(program, os.path.join(folder, "network.pt2"))
    return {
        "heads": heads,
        "state": [[key, list(value.shape), str(value.dtype).removeprefix("torch.")] for key, value in state.items() if key in parameters],
        "unused": [key for key in state if key not in parameters],
        "side": side, "preprocess": preprocess, "settings": settings_of(name), "labels": classes_of(name),
        "parameters": sum(value.numel() for value in state.values()),
    }  # fmt: skip


def same(a, b):
    """The largest difference of what two networks make of the same weights and pictures, relative; infinite where they do not load."""
    global initialised
    initialised = True
    torch.manual_seed(0)
    one, two = build(a), build(b)
    initialised = False
    for module in one.modules():
        if getattr(module, "running_var", None) is not None:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.01, 1.5)
    for key, parameter in one.named_parameters():
        if parameter.dim() < 2:
            parameter.data.uniform_(0.2, 0.6)
    try:
        two.load_state_dict(copy.deepcopy(one.state_dict()))
    except RuntimeError:
        return math.inf
    side = side_of(a)[0]
    with torch.no_grad():
        x = 3 * torch.randn(1, 3, *side)
        y, z = one(x), two(x)
    y, z = (torch.cat([part.flatten() for part in (out if isinstance(out, tuple) else (out,))]) for out in (y, z))
    return ((y - z).abs().max() / y.abs().max()).item() if y.shape == z.shape else math.inf


def labels():
    from torchvision.models import ResNet50_Weights
    from torchvision.models.detection import RetinaNet_ResNet50_FPN_Weights
    from torchvision.models.segmentation import FCN_ResNet50_Weights

    of = {"imagenet-1k": ResNet50_Weights, "voc": FCN_ResNet50_Weights, "coco": RetinaNet_ResNet50_FPN_Weights}
    return {name: weights.DEFAULT.meta["categories"] for name, weights in of.items()}


def main(folder):
    answers = sys.stdout
    sys.stdout = sys.stderr  # libraries print as they like
    versions = {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0]}
    versions |= {"timm": timm.__version__, "segmentation_models_pytorch": smp.__version__}
    if importlib.util.find_spec("transformers"):
        versions["transformers"] = importlib.metadata.version("transformers")
    told = {"versions": versions, "labels": labels()}
    print(json.dumps(told), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if "record" in asked:
                told = record(asked["record"], folder)
            else:
                difference = same(*asked["same"])
                told = {"difference": difference if math.isfinite(difference) else None}
        except Exception as error:
            told = {"failed": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
