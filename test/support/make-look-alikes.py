"""Writes test/golden/data/structures: small trained networks, and look-alikes of them with the same keys and shapes.

    python -m venv venv && venv/bin/pip install torch==2.7.1 pillow && venv/bin/python test/support/make-look-alikes.py

NAME.pth is the state dict of a network that was trained here, NAME.true.pt2 its program, and NAME.WHAT.pt2 the program of a network into
which the same state dict loads, but which computes something else. Weights in the programs are zeros, packed: only the structure counts.
`pictures` are pictures like those of the training, but none of them. NAME.json has logits of the first four by torch.
"""

import copy
import io
import json
import pathlib
import shutil
import tempfile
import warnings
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
OUT = pathlib.Path(__file__).resolve().parent.parent / "golden" / "data" / "structures"
SIZE, CLASSES = 32, 6
ACTIVATIONS = {
    "relu": F.relu, "gelu": F.gelu, "silu": F.silu, "elu": F.elu, "hardswish": F.hardswish, "relu6": F.relu6,
    "leaky": lambda x: F.leaky_relu(x, 0.1), "tanh": torch.tanh, "softplus": F.softplus, "mish": F.mish,
}  # fmt: skip


def picture(rng, kind):
    """A grating, blobs or a checkerboard in some colours, with noise."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    angle, phase = rng.uniform(-0.25, 0.25), rng.uniform(0, 6.3)
    if kind < 3:
        turn = angle + kind * np.pi / 3
        wave = np.sin(2 * np.pi * rng.uniform(3, 5) * (x * np.cos(turn) + y * np.sin(turn)) + phase)
    elif kind == 3:
        wave = sum(np.exp(-((x - rng.uniform()) ** 2 + (y - rng.uniform()) ** 2) * 60) for _ in range(4)) * 2 - 1
    elif kind == 4:
        wave = np.sign(np.sin(2 * np.pi * 3 * x + phase) * np.sin(2 * np.pi * 3 * y + phase))
    else:
        radius = np.hypot(x - rng.uniform(0.3, 0.7), y - rng.uniform(0.3, 0.7))
        wave = np.sin(2 * np.pi * 4 * radius + phase)
    a, b = rng.uniform(0, 1, (2, 3))
    mix = (wave[..., None] + 1) / 2
    whole = a * mix + b * (1 - mix) + rng.normal(0, 0.05, (SIZE, SIZE, 3))
    return (np.clip(whole, 0, 1) * 255).round().astype(np.uint8)


def data(seed, count):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, CLASSES, count)
    return np.stack([picture(rng, kind) for kind in kinds]), kinds


class Plain(nn.Module):
    """Convolutions one after the other; `cfg` has what the weights cannot tell."""

    CFG = dict(act=["relu"] * 6, down=["", "max", "", "max", "", "max"], dilation=[1] * 6, mode=["zeros"] * 6, pad=[1] * 6, eps=1e-5,
               order=["cba"] * 6, shuffle=False)  # fmt: skip
    WIDTHS = (16, 24, 24, 32, 32, 32)
    GROUPS = (1, 1, 2, 1, 2, 1)

    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        before = 3
        for i, width in enumerate(self.WIDTHS):
            step = 2 if cfg["down"][i] == "stride" else 1
            self.convs.append(nn.Conv2d(before, width, 3, step, cfg["pad"][i], cfg["dilation"][i], self.GROUPS[i], False,
                                        cfg["mode"][i]))  # fmt: skip
            self.norms.append(nn.BatchNorm2d(width, cfg["eps"]))
            before = width
        self.head = nn.Linear(before * 16, CLASSES)

    def forward(self, x):
        down = {"max": lambda x: F.max_pool2d(x, 2), "mean": lambda x: F.avg_pool2d(x, 2)}
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            act = ACTIVATIONS[self.cfg["act"][i]]
            if self.cfg["shuffle"] and self.GROUPS[i] == 2:
                x = x.unflatten(1, (2, -1)).transpose(1, 2).flatten(1, 2)
            x = conv(x)
            if self.cfg["down"][i] == "first":
                x = F.max_pool2d(x, 2)
            x = act(norm(x)) if self.cfg["order"][i] == "cba" else norm(act(x))
            x = down.get(self.cfg["down"][i], lambda x: x)(x)
        return self.head(x.flatten(1))


class Bottleneck(nn.Module):
    def __init__(self, before, width, cfg):
        super().__init__()
        one, three = (cfg["s"], 1) if cfg["strided"] == "first" else (1, cfg["s"])
        self.conv1 = nn.Conv2d(before, width, 1, one, bias=False)
        self.bn1 = nn.BatchNorm2d(width, cfg["eps"])
        self.conv2 = nn.Conv2d(width, width, 3, three, cfg["dilation"], cfg["dilation"], bias=False, padding_mode=cfg["mode"])
        self.bn2 = nn.BatchNorm2d(width, cfg["eps"])
        self.conv3 = nn.Conv2d(width, width * 2, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * 2, cfg["eps"])
        if cfg["projected"]:
            self.down = nn.Sequential(nn.Conv2d(before, width * 2, 1, cfg["s"], bias=False), nn.BatchNorm2d(width * 2, cfg["eps"]))
        else:
            self.down = nn.Identity()
        self.cfg = cfg

    def forward(self, x):
        act = ACTIVATIONS[self.cfg["act"]]
        y = act(self.bn1(self.conv1(x)))
        y = act(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        if self.cfg["join"] == "before":
            return act(y) + self.down(x)
        return act(y + self.down(x))


class Residual(nn.Module):
    """Bottlenecks as in ResNet; v1 strides in the first convolution, v1.5 in the second."""

    CFG = dict(act=["relu"] * 5, s=[1, 2, 1, 2, 1], strided="second", dilation=[1] * 5, mode="zeros", eps=1e-5, join="after",
               stem="max")  # fmt: skip

    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False, padding_mode=cfg["mode"])
        self.bn1 = nn.BatchNorm2d(16, cfg["eps"])
        widths, before = (12, 12, 16, 16, 16), 16
        self.blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            own = dict(cfg, act=cfg["act"][i], s=cfg["s"][i], dilation=cfg["dilation"][i], projected=i < 4)
            self.blocks.append(Bottleneck(before, width, own))
            before = width * 2
        self.fc = nn.Linear(before, CLASSES)

    def forward(self, x):
        x = ACTIVATIONS[self.cfg["act"][0]](self.bn1(self.conv1(x)))
        if self.cfg["stem"] == "max":
            x = F.max_pool2d(x, 3, 2, 1)
        elif self.cfg["stem"] == "mean":
            x = F.avg_pool2d(x, 3, 2, 1)
        for block in self.blocks:
            x = block(x)
        return self.fc(x.mean((2, 3)))


class Inverted(nn.Module):
    """Depthwise convolutions between pointwise ones, as in MobileNet; TensorFlow's epsilon."""

    CFG = dict(act=["hardswish"] * 5, stride=[1, 2, 1, 2, 1], eps=1e-3, residual=True, dilation=[1] * 5, mode="zeros", squeeze=False)

    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.stem = nn.Conv2d(3, 12, 3, 1, 1, bias=False)
        self.stem_bn = nn.BatchNorm2d(12, cfg["eps"])
        self.expand, self.depth, self.project = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        self.norms = nn.ModuleList()
        before = 12
        for i, width in enumerate((12, 16, 16, 20, 20)):
            wide, d = before * 3, cfg["dilation"][i]
            self.expand.append(nn.Conv2d(before, wide, 1, bias=False))
            self.depth.append(nn.Conv2d(wide, wide, 3, cfg["stride"][i], d, d, wide, False, cfg["mode"]))
            self.project.append(nn.Conv2d(wide, width, 1, bias=False))
            self.norms.append(nn.ModuleList(nn.BatchNorm2d(n, cfg["eps"]) for n in (wide, wide, width)))
            before = width
        self.last = nn.Conv2d(before, 40, 1, bias=False)
        self.last_bn = nn.BatchNorm2d(40, cfg["eps"])
        self.fc = nn.Linear(40, CLASSES)

    def forward(self, x):
        cfg = self.cfg
        x = ACTIVATIONS[cfg["act"][0]](self.stem_bn(self.stem(x)))
        for i, (one, two, three) in enumerate(self.norms):
            act = ACTIVATIONS[cfg["act"][i]]
            y = act(one(self.expand[i](x)))
            y = act(two(self.depth[i](y)))
            y = three(self.project[i](y))
            x = x + y if cfg["residual"] and x.shape == y.shape else y
        x = ACTIVATIONS[cfg["act"][4]](self.last_bn(self.last(x)))
        return self.fc(x.mean((2, 3)))


class Dense(nn.Module):
    """Normalised and activated before each convolution, as in DenseNet."""

    CFG = dict(act=["relu"] * 7, eps=1e-5, order="bac", transition="mean", stride=1, mode="zeros", dilation=[1] * 6, front="new")

    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.stem = nn.Conv2d(3, 16, 3, cfg["stride"], 1, bias=False, padding_mode=cfg["mode"])
        self.norms, self.convs = nn.ModuleList(), nn.ModuleList()
        before = 16
        for i in range(6):
            d = cfg["dilation"][i]
            self.norms.append(nn.BatchNorm2d(before, cfg["eps"]))
            self.convs.append(nn.Conv2d(before, 8, 3, 1, d, d, bias=False, padding_mode=cfg["mode"]))
            before += 8
        self.final = nn.BatchNorm2d(before, cfg["eps"])
        self.fc = nn.Linear(before, CLASSES)

    def forward(self, x):
        cfg = self.cfg
        x = self.stem(x)
        for i, (norm, conv) in enumerate(zip(self.norms, self.convs)):
            act = ACTIVATIONS[cfg["act"][i]]
            y = conv(act(norm(x)) if cfg["order"] == "bac" else norm(act(x)))
            x = torch.cat([x, y] if cfg["front"] == "new" else [y, x], 1)
            if i in (1, 3):
                x = F.avg_pool2d(x, 2) if cfg["transition"] == "mean" else F.max_pool2d(x, 2)
        x = ACTIVATIONS[cfg["act"][6]](self.final(x))
        return self.fc(x.mean((2, 3)))


def at(values, i, value):
    return [value if j == i else old for j, old in enumerate(values)]


# what is changed; the same keys and shapes
PLAIN = {
    **{f"act-{a}": dict(act=[a] * 6) for a in ("gelu", "silu", "elu", "leaky", "tanh", "hardswish", "relu6")},
    "act-second": dict(act=at(["relu"] * 6, 1, "gelu")), "act-third": dict(act=at(["relu"] * 6, 2, "leaky")),
    "act-last": dict(act=at(["relu"] * 6, 5, "silu")),
    "down-1": dict(down=["max", "", "", "max", "", "max"]), "down-2": dict(down=["", "", "max", "max", "", "max"]),
    "down-3": dict(down=["", "max", "", "", "max", "max"]), "down-strided": dict(down=["", "stride", "", "stride", "", "stride"]),
    "down-mean": dict(down=["", "mean", "", "mean", "", "mean"]), "down-mean-last": dict(down=["", "max", "", "max", "", "mean"]),
    "down-strided-last": dict(down=["", "max", "", "max", "", "stride"]), "down-first": dict(down=["", "first", "", "first", "", "first"]),
    "dilation-1": dict(dilation=[2, 1, 1, 1, 1, 1], pad=[2, 1, 1, 1, 1, 1]),
    "dilation-2": dict(dilation=[1, 1, 2, 1, 1, 1], pad=[1, 1, 2, 1, 1, 1]),
    "dilation-3": dict(dilation=[1, 1, 1, 1, 1, 2], pad=[1, 1, 1, 1, 1, 2]),
    "pad-reflect": dict(mode=["reflect"] * 6), "pad-replicate": dict(mode=["replicate"] * 6),
    "pad-circular": dict(mode=["circular"] * 6), "eps-1e-3": dict(eps=1e-3), "eps-1e-2": dict(eps=1e-2), "eps-0.1": dict(eps=0.1),
    "order": dict(order=["cab"] * 6), "order-one": dict(order=at(["cba"] * 6, 2, "cab")), "groups-shuffled": dict(shuffle=True),
}  # fmt: skip
RESIDUAL = {
    "v1": dict(strided="first"), "s-1": dict(s=[2, 1, 1, 2, 1]), "s-2": dict(s=[1, 1, 2, 2, 1]), "s-3": dict(s=[1, 2, 2, 1, 1]),
    "s-4": dict(s=[1, 2, 1, 1, 1]), "stem-mean": dict(stem="mean"), "stem-none": dict(stem="none"),
    "act-gelu": dict(act=["gelu"] * 5), "act-silu": dict(act=["silu"] * 5), "act-leaky": dict(act=["leaky"] * 5),
    "act-last": dict(act=at(["relu"] * 5, 4, "elu")), "dilation": dict(dilation=[1, 1, 2, 2, 1]),
    "dilation-last": dict(dilation=[1, 1, 1, 1, 2]), "pad-reflect": dict(mode="reflect"), "eps-1e-3": dict(eps=1e-3),
    "eps-0.1": dict(eps=0.1), "join": dict(join="before"),
}  # fmt: skip
INVERTED = {
    "eps-1e-5": dict(eps=1e-5), "act-relu": dict(act=["relu"] * 5), "act-relu6": dict(act=["relu6"] * 5), "act-silu": dict(act=["silu"] * 5),
    "stride": dict(stride=[2, 1, 1, 2, 1]), "stride-last": dict(stride=[1, 2, 1, 1, 2]), "residual": dict(residual=False),
    "dilation": dict(dilation=[1, 1, 2, 1, 1]), "pad-replicate": dict(mode="replicate"), "act-first": dict(act=["relu"] + ["hardswish"] * 4),
}  # fmt: skip
DENSE = {
    "order": dict(order="abc"), "transition": dict(transition="max"), "act-gelu": dict(act=["gelu"] * 7), "stride": dict(stride=2),
    "act-last": dict(act=at(["relu"] * 7, 6, "gelu")), "eps-1e-3": dict(eps=1e-3), "pad-reflect": dict(mode="reflect"),
    "dilation": dict(dilation=[1, 1, 2, 1, 1, 1]), "dilation-last": dict(dilation=[1, 1, 1, 1, 1, 2]), "eps-1e-2": dict(eps=1e-2),
}  # fmt: skip
NETWORKS = {"plain": (Plain, PLAIN), "residual": (Residual, RESIDUAL), "inverted": (Inverted, INVERTED), "dense": (Dense, DENSE)}


def tensor(pictures):
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255


def trained(model):
    torch.manual_seed(3)
    pictures, kinds = data(1, 2400)
    x, y = tensor(pictures), torch.from_numpy(kinds)
    epochs, batch = 8, 64
    optimizer = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=5e-3)
    steps = epochs * (len(x) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for at in range(0, len(x) - batch + 1, batch):
            rows = order[at : at + batch]
            own = x[rows]
            if torch.rand(()) < 0.5:
                own = own.flip(3)
            dy, dx = torch.randint(-2, 3, (2,)).tolist()
            own = torch.roll(own, (dy, dx), (2, 3))
            loss = F.cross_entropy(model(own), y[rows], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def program(model, file):
    """The exported program with zeros for weights, packed."""
    model = copy.deepcopy(model).eval()
    with torch.no_grad():
        for value in model.state_dict().values():
            value.zero_()
    x = torch.zeros(2, 3, SIZE, SIZE)
    exported = torch.export.export(model, (x,), dynamic_shapes=({0: torch.export.Dim("n", max=64)},))
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder) / "whole.pt2"
        torch.export.save(exported, whole)
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
            for name in old.namelist():
                content = old.read(name)
                if name.endswith("sample_inputs.pt"):
                    continue
                if name.endswith("serialized_exported_program.json"):
                    content = slim(json.loads(content))
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, content)


def slim(whole):
    """Without the places of this machine's code."""
    for node in whole["graph_module"]["graph"]["nodes"]:
        node["metadata"].pop("stack_trace", None)
        node["metadata"].pop("source_fn_stack", None)
        node["metadata"].pop("torch_fn", None)
    return json.dumps(whole, separators=(",", ":"))


def enlarged(state, times):
    """The same function with `times` as large values before each batch normalization: epsilon hardly matters there."""
    large = {key: value.clone() for key, value in state.items()}
    for key in state:
        if key.startswith("convs.") or key.endswith("running_mean"):
            large[key] *= times
        elif key.endswith("running_var"):
            large[key] *= times**2
    return large


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "pictures").mkdir(parents=True)
    held, kinds = data(2, 96)
    for i, one in enumerate(held):
        Image.fromarray(one).save(OUT / "pictures" / f"{i:02}.png", optimize=True)
    for name, (Network, others) in NETWORKS.items():
        model = trained(Network(Network.CFG))
        torch.save(model.state_dict(), OUT / f"{name}.pth")
        if name == "plain":
            torch.save(enlarged(model.state_dict(), 8), OUT / "large.pth")
        with torch.no_grad():
            logits = model(tensor(held))
        right = (logits.argmax(1).numpy() == kinds).mean()
        program(model, OUT / f"{name}.true.pt2")
        (OUT / f"{name}.json").write_text(json.dumps(logits[:4].tolist()) + "\n")
        changed = {}
        for what, change in others.items():
            twin = Network({**Network.CFG, **change}).eval()
            twin.load_state_dict(model.state_dict())
            with torch.no_grad():
                own = twin(tensor(held))
            changed[what] = round(((own - logits).norm() / logits.norm()).item(), 4)
            program(twin, OUT / f"{name}.{what}.pt2")
        print(name, flush=True)
        print(f"{right:.2f} right,", len(others), "look-alikes; logits differ by", changed)


main()
