"""Many inputs in torch and in ONNX Runtime: forward passes, one-pixel attacks, a census of filters."""

import numpy as np
import torch
from attacks import attack, exact_attack, scipy_attack
from census import Tally, read_pictures
from common import about, read_input, save_arrays
from torch_network import nchw, prepared


def torch_scorer(options):
    net, _, _ = prepared(options)

    def score(rows):
        with torch.inference_mode():
            return net(torch.from_numpy(nchw(rows))).numpy()

    return score


def onnx_scorer(options):
    import onnxruntime

    file = options.model.replace(".pt", ".onnx")
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda rows: session.run(None, {"input": nchw(rows)})[0]


def forward(scorer):
    def task(options):
        score, x = scorer(options), np.repeat(read_input(options), options.batch, 0)
        return lambda: score(x), lambda result: save_arrays(options, logits=result)

    return task


def census(options):
    net, _, _ = prepared(options)
    layers, kept = about(options)["census"], {}

    def keep(name):
        def hook(_module, _inputs, y):
            zeros = (y == 0).float().mean((2, 3))
            kept[name] = y.amax((2, 3)), y.amin((2, 3)), y.mean((2, 3)), zeros

        return hook

    for name in layers:
        net.layers[name].register_forward_hook(keep(name))

    def run():
        tally = Tally()
        for rows in read_pictures(options, options.batch):
            with torch.inference_mode():
                net(torch.from_numpy(nchw(rows)))
            for name in layers:
                tally.add(name, *[value.numpy() for value in kept[name]])
        return tally

    return run, lambda tally: tally.save(options)


TASKS = {
    "forward": forward(torch_scorer),
    "forward-onnxruntime": forward(onnx_scorer),
    "attack": lambda options: attack(options, torch_scorer(options)),
    "attack-scipy": lambda options: scipy_attack(options, torch_scorer(options)),
    "attack-onnxruntime": lambda options: attack(options, onnx_scorer(options)),
    "attack-exact": lambda options: exact_attack(options, torch_scorer(options)),
    "attack-exact-onnxruntime": lambda options: exact_attack(options, onnx_scorer(options)),
    "census": census,
}
