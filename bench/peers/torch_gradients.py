"""Hand-written torch loops, captum, lucent and pytorch-grad-cam: maximisation and attributions."""

import numpy as np
import torch
from common import about, given, save_arrays
from torch.nn.functional import interpolate
from torch_network import Stop, nchw, prepared, stop_at


def channels_last(x):
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1))


def limits(options):
    scale = about(options)
    return [torch.tensor(scale[name]).reshape(1, -1, 1, 1) for name in ("min", "max", "black")]


def maximize(options):
    """Gradient ascent with a gradient of length 1: filters of a layer, or without --layer the logit of --class."""
    net, _, _ = prepared(options)
    net.requires_grad_(False)
    (low, high, _), rate = limits(options), about(options)["rate"]
    wanted = list(range(options.filters)) if options.layer else [options.class_index]
    start = torch.from_numpy(nchw(given(options, "start"))).repeat(len(wanted), 1, 1, 1)
    rows = range(len(wanted))
    network = stop_at(net, options.layer) if options.layer else net

    def objective(x):
        y = network(x)[rows, wanted]
        return y.mean((1, 2)) if options.layer else y

    def run():
        x = start
        for _ in range(options.steps):
            x.requires_grad_(True)
            (gradient,) = torch.autograd.grad(objective(x).sum(), x)
            length = gradient.flatten(1).norm(dim=1)[:, None, None, None]
            x = (x + rate * gradient / (length + 1e-8)).detach()
            x = torch.minimum(torch.maximum(x, low), high)
        with torch.inference_mode():
            return objective(x).numpy(), channels_last(x.numpy())

    def save(result):
        with torch.inference_mode():
            begun = objective(start).numpy()
        save_arrays(options, begun=begun, reached=result[0])

    return run, save


def maximize_lucent(options):
    """Its own recipe (Fourier basis, transformations, Adam): the same number of steps, another picture."""
    from lucent.optvis import objectives, param, render

    net, x, _ = prepared(options)
    size, rows = x.shape[1], options.filters
    last = "layers_" + (options.layer or list(net.layers)[-1])
    if options.layer:
        parts = [objectives.channel(last, k, batch=k) for k in range(rows)]
        objective = objectives.Objective.sum(parts) if rows > 1 else objectives.channel(last, 0)
    else:
        objective = objectives.channel(last, options.class_index)

    def run():
        picture = lambda: param.image(size, batch=rows)  # noqa: E731
        shown = {"show_image": False, "progress": False}
        return render.render_vis(net, objective, picture, thresholds=(options.steps,), **shown)[-1]

    return run, lambda result: None


def integrated_gradients(options):
    """Hand-written, the same quadrature."""
    net, _, x = prepared(options)
    net.requires_grad_(False)
    black = limits(options)[2].expand_as(x)
    nodes, weights = np.polynomial.legendre.leggauss(options.steps)
    shape = (-1, 1, 1, 1)
    nodes = torch.tensor((nodes + 1) / 2, dtype=torch.float32).reshape(shape)
    weights = torch.tensor(weights / 2, dtype=torch.float32).reshape(shape)

    def run():
        total = torch.zeros_like(x[0])
        for at, weight in zip(nodes.split(options.batch), weights.split(options.batch)):
            total += (weight * gradient(net, black + at * (x - black), options)).sum(0)
        return channels_last(((x - black) * total).numpy())[0]

    return run, lambda result: save_arrays(options, attribution=result)


def gradient(net, rows, options):
    rows = rows.detach().requires_grad_(True)
    return torch.autograd.grad(net(rows)[:, options.class_index].sum(), rows)[0]


def integrated_gradients_captum(options):
    from captum.attr import IntegratedGradients

    net, _, x = prepared(options)
    explain, black = IntegratedGradients(net), limits(options)[2].expand_as(x)
    how = {"n_steps": options.steps, "internal_batch_size": options.batch}

    def run():
        result = explain.attribute(x, black, target=options.class_index, **how)
        return channels_last(result.detach().numpy())[0]

    return run, lambda result: save_arrays(options, attribution=result)


def smoothgrad(options):
    net, _, x = prepared(options)
    net.requires_grad_(False)
    noise = torch.from_numpy(nchw(given(options, "noise")))[: options.steps]

    def run():
        parts = [gradient(net, x + rows, options).sum(0) for rows in noise.split(options.batch)]
        return channels_last((sum(parts)[None] / options.steps).numpy())[0]

    return run, lambda result: save_arrays(options, attribution=result)


def smoothgrad_captum(options):
    """Its own noise: another picture."""
    from captum.attr import NoiseTunnel, Saliency

    net, array, x = prepared(options)
    explain = NoiseTunnel(Saliency(net))
    how = {"nt_samples": options.steps, "nt_samples_batch_size": options.batch}
    deviation = 0.15 * float(np.ptp(array))

    def run():
        return explain.attribute(x, stdevs=deviation, target=options.class_index, abs=False, **how)

    return run, lambda result: None


def score_cam(options):
    """Hand-written, as the paper defines it: the probability through each channel's mask, minus that of black."""
    net, _, x = prepared(options)
    black, network = limits(options)[2].expand_as(x), stop_at(net, options.layer)
    score = lambda rows: net(rows).softmax(1)[:, options.class_index]  # noqa: E731

    def run():
        with torch.inference_mode():
            maps, before = network(x), score(black)[0]
            weights = []
            for part in maps[0].split(options.batch):
                masks = interpolate(part[:, None], size=x.shape[2:], mode="bilinear")
                low, high = masks.amin((1, 2, 3), True), masks.amax((1, 2, 3), True)
                spread = high - low
                masks = torch.where(spread > 1e-8, (masks - low) / spread, 0)
                own = score(black + masks * (x - black)) - before
                weights.append(torch.where(spread[:, 0, 0, 0] > 1e-8, own, 0))
            return (torch.cat(weights)[:, None, None] * maps[0]).sum(0).numpy()

    return run, lambda signed: save_arrays(options, signed=signed)


def score_cam_grad_cam(options):
    """pytorch-grad-cam's, which weighs channels by a softmax over them: another map."""
    from pytorch_grad_cam import ScoreCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    net, _, x = prepared(options)
    explain = ScoreCAM(model=net, target_layers=[net.layers[options.layer]])
    target = [ClassifierOutputTarget(options.class_index)]
    return lambda: explain(input_tensor=x, targets=target), lambda result: None


TASKS = {
    "maximize": maximize,
    "maximize-lucent": maximize_lucent,
    "integrated-gradients": integrated_gradients,
    "integrated-gradients-captum": integrated_gradients_captum,
    "smoothgrad": smoothgrad,
    "smoothgrad-captum": smoothgrad_captum,
    "score-cam": score_cam,
    "score-cam-grad-cam": score_cam_grad_cam,
}
