"""What PyTorch computes for a network, and how far its float32 may be off (see noise.py)."""

import copy
import functools
import math

import numpy as np
import torch
from case import Case
from noise import noise_of, pairs


def randomise(model):
    """Random batch-norm statistics, and scales that start at 0 or 1e-6, which would hide what they multiply; ready to be asked."""
    for module in model.modules():
        if getattr(module, "running_var", None) is not None:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            if module.weight is not None:
                module.weight.data.uniform_(0.5, 1.5)
                module.bias.data.normal_(0, 0.1)
    for name, parameter in model.named_parameters():
        if name.endswith(("gamma", "layer_scale", "skipinit_gain")):
            parameter.data.uniform_(0.1, 0.5)
        elif parameter.dim() > 1 and not parameter.any():
            # heads that begin with nothing (torchvision's transformers): no class depends on anything then
            parameter.data.normal_(0, 0.02)
    return model.eval()


# Gauss-Legendre nodes of Integrated Gradients; as many as explain.ts asks for
STEPS = 4


def as_maps(value):
    """A layer's output [N, C, H, W] of square pictures, or as such: channels last, or tokens behind others; None where it is no map."""
    if value.dim() == 4:
        _, a, b, c = value.shape
        if a == b == c:
            return None
        return value if b == c else value.permute(0, 3, 1, 2) if a == b else None
    if value.dim() == 3:
        side = math.isqrt(value.shape[1])
        if side > 1 and value.shape[1] - side * side <= 2:
            return value[:, -side * side :].transpose(1, 2).unflatten(2, (side, side))
    return None


def run(model, x):
    return model(x)


def score_of(y, index):
    """The class' score of each row; of class maps the sum of it where it is the most likely class of the first row."""
    if y.dim() == 2:
        return y[:, index]
    return (y[:, index] * (y[:1].detach().argmax(1) == index)).sum((1, 2))


def explanations(model, x, classes, scores=run, score=score_of):
    """
    Of one picture and each class, the score of which is `score(scores(model, x), class)`: Grad-CAM [H, W] before its rectifier, at every module that gives a map once, and Integrated Gradients
    [1, C, H, W] from the picture's mean colour. By (method, module, class).
    """
    layers, often, handles = {}, set(), []
    for name, module in model.named_modules():

        def keep(module, inputs, output, name=name):
            if torch.is_tensor(output) and output.requires_grad and as_maps(output) is not None:
                often.update({name} & layers.keys())
                layers[name] = output
                # what follows may write into its input
                return output.clone()

        handles.append(module.register_forward_hook(keep))
    y = scores(model, x.clone().requires_grad_())
    for handle in handles:
        handle.remove()
    names = [name for name in layers if name not in often]
    found = {}
    for index in classes:
        gradients = torch.autograd.grad(score(y, index).sum(), [layers[name] for name in names], retain_graph=True, allow_unused=True)
        for name, gradient in zip(names, gradients):
            maps = as_maps(layers[name].detach())
            if gradient is not None and maps[0, 0].numel() > 1:
                alpha = as_maps(gradient).mean((2, 3), keepdim=True)
                found["Grad-CAM", name, index] = (alpha * maps).sum(1)[0].double().numpy()
    nodes, weights = np.polynomial.legendre.leggauss(STEPS)
    nodes, weights = (torch.from_numpy(each).to(x.dtype).view(-1, 1, 1, 1) / 2 for each in (nodes, weights))
    mean = x.mean((2, 3), keepdim=True).expand_as(x)
    for index in classes:
        path = (mean + (nodes + 0.5) * (x - mean)).requires_grad_()
        y = scores(model, torch.cat([x, path]))
        (gradient,) = torch.autograd.grad(score(y, index)[1:].sum(), path)
        whole = (weights * gradient).sum(0, keepdim=True) * (x - mean)
        found["Integrated Gradients", "", index] = whole.detach().double().numpy()
    return found


def told_as(method, layer, index):
    """What an explanation is called in a comparison."""
    return " ".join([method, *([layer] if layer else []), str(index)])


def computed(model, x, seed, names, classes=(), explain=explanations, output=run):
    """
    The output that is asked about, maps, the gradient of sum(output * seed), and explanations of the first picture for the classes: as float64 arrays of whatever
    precision the model has.
    """
    modules, maps, handles = dict(model.named_modules()), {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            maps.setdefault(name, output.detach().clone())

        handles.append(modules[name].register_forward_hook(keep))
    x = x.clone().requires_grad_()
    y = output(model, x)
    seed = torch.ones_like(y) if seed is None else seed.to(y.dtype)
    (g,) = torch.autograd.grad((y * seed).sum(), x)
    for handle in handles:
        handle.remove()
    found = {"output 0": y.detach(), "gradient 0": g, **{f"map {n}": m for n, m in maps.items()}}
    arrays = {key: value.double().numpy() for key, value in found.items()}
    told = explain(model, x[:1].detach(), classes) if classes else {}
    return {**arrays, **{told_as(*key): value for key, value in told.items()}}


def rounded_model(model, x, rounding):
    """The float64 model and picture, off by what float32 may be off."""

    def off(tensor, terms=1):
        return torch.from_numpy(rounding(tensor.numpy(), terms))

    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(off(parameter.detach(), parameter[0].numel() if parameter.dim() > 1 else 1))
    return model, off(x)


def noise_of_torch(model, x, seed, names, single, classes=(), **how):
    """
    How far float32 may be from what the float64 model computes: PyTorch's own (`single`), and other orders of summation. More with every
    pair of them, one after the other: the next is drawn where that did not do. The model must not have run: what some modules keep of a
    run cannot be copied.
    """
    exact = computed(copy.deepcopy(model), x, seed, names, classes, **how)
    others = [single]
    for pair in pairs():
        others += [computed(*rounded_model(model, x, rounding), seed, names, classes, **how) for rounding in pair]
        yield noise_of(exact, others)


def most_seen(y):
    """The two classes that are the most likely at most positions; one, where it is that everywhere."""
    seen = torch.bincount(y.argmax(0).flatten(), minlength=2).topk(2)
    return [index for count, index in zip(seen.values.tolist(), seen.indices.tolist()) if count > 0]


def case_of(name, group, made, save, picture, names=(), output=run, classes=None, scores=None, score=score_of, **told):
    """
    The case of a network that `made` makes anew and `save` writes: two pictures [C, H, W] of the size `picture`, their `output`, its gradient to
    them, what the modules `names` give, and what explains `classes` of the first one (left out: the first two, of class maps those that are seen most).
    """
    random = np.random.default_rng(1)
    x = torch.from_numpy(random.normal(size=(2, *picture)).astype(np.float32))
    with torch.no_grad():
        y = output(made(), x)
    seed = torch.from_numpy(random.normal(size=y.shape).astype(np.float32))
    if classes is None:
        classes = [0, 1] if y.dim() == 2 else most_seen(y[0])
    how = {"explain": functools.partial(explanations, scores=scores or output, score=score), "output": output}
    explained = how["explain"](made(), x[:1], classes)
    reference = {**computed(made(), x, seed, names, **how), **{told_as(*key): value for key, value in explained.items()}}
    arrays = {key: value.astype(np.float32) for key, value in reference.items()}
    return Case(
        name, group, save, inputs=[x.numpy()], outputs=[arrays["output 0"]], maps={one: arrays[f"map {one}"] for one in names},
        gradients=[arrays["gradient 0"]], seed=seed.numpy(), explain=True, explained={key: arrays[told_as(*key)] for key in explained},
        noise=lambda: noise_of_torch(made().double(), x.double(), seed, names, reference, classes, **how), **told,
    )  # fmt: skip
