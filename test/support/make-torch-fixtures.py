"""Writes the tiny PyTorch files under test/models/torch and the numbers they hold. Needs torch (2.7.1 was used)."""

import json
import pathlib

import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "torch"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(3))
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.dw = nn.Conv2d(4, 4, 3, groups=4)
        self.up = nn.ConvTranspose2d(4, 2, 2)
        self.line = nn.Conv1d(2, 3, 3)
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.up(self.dw(self.norm(self.conv(x))))


def filled():
    """Every number is a multiple of 1/8 below 8, exact in half precision and bfloat16."""
    net = Net().eval()
    at = 0
    with torch.no_grad():
        for tensor in net.state_dict().values():
            if tensor.is_floating_point():
                n = tensor.numel()
                tensor.copy_((((torch.arange(n) + at) * 7 % 61) / 8 - 3.5).reshape(tensor.shape))
                at += n
    return net


def save(name, value, **how):
    torch.save(value, HERE / name, **how)


def main():
    net = filled()
    state = net.state_dict()
    floats = {k: v for k, v in state.items() if v.is_floating_point()}
    save("tiny_legacy.pth", state, _use_new_zipfile_serialization=False)
    # classes carry their source code there; a line stands for it
    torch.serialization.get_source_lines_and_file = lambda what: (["class ...\n"], 1, "net.py")
    save("tiny_module_legacy.pth", net, _use_new_zipfile_serialization=False)
    save("tiny_module.pth", net)
    save("tiny_protocol5.pth", state, pickle_protocol=5)
    save(
        "tiny_channels_last.pth",
        {
            k: v.contiguous(memory_format=torch.channels_last) if v.dim() == 4 else v
            for k, v in state.items()
        },
    )
    # all in one storage, at odd places and with steps
    flat = torch.cat([torch.stack([v.reshape(-1)] * 2, 1).reshape(-1) for v in floats.values()])
    views, at = {}, 0
    for name, v in floats.items():
        views[name] = flat[at : at + 2 * v.numel() : 2].as_strided(
            v.shape, [2 * s for s in v.stride()], at
        )
        at += 2 * v.numel()
    save("tiny_views.pth", views)
    for kind in ("float16", "bfloat16", "float64", "float8_e5m2"):
        save(f"tiny_{kind}.pth", {k: v.to(getattr(torch, kind)) for k, v in floats.items()})
    optimizer = torch.optim.Adam(net.parameters())
    sum((p**2).sum() for p in net.parameters()).backward()
    optimizer.step()
    save(
        "tiny_checkpoint.pth",
        {
            "epoch": 3,
            "loss": torch.tensor(0.25),
            "optimizer": optimizer.state_dict(),
            "model": {f"module.{k}": v for k, v in filled().state_dict().items()},
            "ema": state,
            "args": pathlib.PurePosixPath("somewhere"),
        },
    )
    save("tiny_two.pth", {"gen": filled().state_dict(), "disc": {"head.weight": torch.ones(1, 2)}})
    save("not_a_network.pth", {"epoch": 3, "history": [0.1, 0.2]})
    frozen = torch.jit.freeze(torch.jit.script(filled()))
    torch.jit.save(frozen, str(HERE / "tiny_frozen.torchscript.pt"))
    expected = {k: {"shape": list(v.shape), "data": v.reshape(-1).tolist()} for k, v in filled().state_dict().items()}
    (HERE / "tiny.json").write_text(json.dumps(expected) + "\n")


main()
