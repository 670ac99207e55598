"""Writes test/golden/data/library: what PyTorch computes for small networks of the library with weights that a formula gives.

    python -m venv venv && venv/bin/pip install -r test/conformance/environments/requirements-torch.txt \\
        -c test/conformance/environments/constraints-torch.txt && venv/bin/python test/support/make-library.py

NAME.json has the keys and shapes of a copy that was fine-tuned to other classes, its logits for one picture, and the alphas and Grad-CAM map
of class 0 at a layer; test/support/known-network.ts makes the same weights and the same picture by the same formula. Of transformers'
(with what scripts/structures/hugging_face.py says) it is keys, shapes and logits.
"""

import importlib.util
import json
import pathlib
import sys

import timm
import torch
import torchvision
from formulas import picture, weights

OUT = pathlib.Path(__file__).resolve().parent.parent / "golden" / "data" / "library"
CLASSES = 5
NETWORKS = {
    "mobilenet_v3_small": (lambda: torchvision.models.mobilenet_v3_small(num_classes=CLASSES), "features.12.2", 224),
    "shufflenet_v2_x1_0": (lambda: torchvision.models.shufflenet_v2_x1_0(num_classes=CLASSES), "conv5.2", 224),
    "mobilenetv3_small_100": (lambda: timm.create_model("mobilenetv3_small_100", num_classes=CLASSES), "blocks.5.0.conv", 224),
}
HUGGING_FACE = ["vit-tiny-patch16-224"]


def filled(model):
    """With the formula's weights; and the keys of these."""
    state = model.state_dict()
    keys = [key for key, value in state.items() if value.is_floating_point()]
    for seed, key in enumerate(keys):
        state[key] = weights(key, tuple(state[key].shape), seed)
    model.load_state_dict(state)
    return state, keys


OUT.mkdir(parents=True, exist_ok=True)
if importlib.util.find_spec("transformers"):
    sys.path.append(str(OUT.parent.parent.parent.parent / "scripts" / "structures"))
    import hugging_face

    for name in HUGGING_FACE:
        model = hugging_face.build(name, CLASSES)
        state, keys = filled(model)
        with torch.no_grad():
            logits = model(picture(224))[0].tolist()
        told = {"tensors": [[key, list(state[key].shape)] for key in keys], "side": 224, "logits": logits}
        (OUT / f"{name}.json").write_text(json.dumps({**told, "settings": hugging_face.settings_of(name)}) + "\n")
        print(name, logits)
for name, (build, layer, side) in NETWORKS.items():
    model = build().eval()
    state, keys = filled(model)
    x = picture(side)
    maps = {}
    module = dict(model.named_modules())[layer]
    module.register_forward_hook(lambda _, inputs, output: maps.update(a=output))
    logits = model(x)
    (g,) = torch.autograd.grad(logits[0, 0], maps["a"])
    alpha = g.mean(dim=(2, 3))[0]
    signed = (alpha[:, None, None] * maps["a"][0]).sum(0)
    told = {
        "tensors": [[key, list(state[key].shape)] for key in keys],
        "side": side,
        "logits": logits[0].tolist(),
        "layer": layer,
        "signed": signed.flatten().tolist(),
        "shape": list(signed.shape),
    }
    (OUT / f"{name}.json").write_text(json.dumps(told) + "\n")
    print(name, logits.tolist(), signed.abs().max().item(), [len(keys), signed.shape])
