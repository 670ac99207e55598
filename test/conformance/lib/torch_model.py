"""What PyTorch computes for a network, and how far its float32 may be off (see noise.py)."""

import copy
import math

import numpy as np
import torch
from noise import noise_of, roundings


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


def score_of(y, index):
    """The class' score of each row; of class maps the sum of it where it is the most likely class of the first row."""
    if y.dim() == 2:
        return y[:, index]
    return (y[:, index] * (y[:1].detach().argmax(1) == index)).sum((1, 2))


def explanations(model, x, classes):
    """
    Of one picture and each class: Grad-CAM [H, W] before its rectifier, at every module that gives a map once, and Integrated Gradients
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
    y = model(x.clone().requires_grad_())
    for handle in handles:
        handle.remove()
    names = [name for name in layers if name not in often]
    found = {}
    for index in classes:
        score = score_of(y, index).sum()
        gradients = torch.autograd.grad(score, [layers[name] for name in names], retain_graph=True, allow_unused=True)
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
        y = model(torch.cat([x, path]))
        (gradient,) = torch.autograd.grad(score_of(y, index)[1:].sum(), path)
        whole = (weights * gradient).sum(0, keepdim=True) * (x - mean)
        found["Integrated Gradients", "", index] = whole.detach().double().numpy()
    return found


def told_as(method, layer, index):
    """What an explanation is called in a comparison."""
    return " ".join([method, *([layer] if layer else []), str(index)])


def computed(model, x, seed, names, classes=()):
    """
    Output, maps, the gradient of sum(output * seed), and explanations of the first picture for the classes: as float64 arrays of whatever
    precision the model has.
    """
    modules, maps, handles = dict(model.named_modules()), {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            maps.setdefault(name, output.detach().clone())

        handles.append(modules[name].register_forward_hook(keep))
    x = x.clone().requires_grad_()
    y = model(x)
    seed = torch.ones_like(y) if seed is None else seed.to(y.dtype)
    (g,) = torch.autograd.grad((y * seed).sum(), x)
    for handle in handles:
        handle.remove()
    found = {"output 0": y.detach(), "gradient 0": g, **{f"map {n}": m for n, m in maps.items()}}
    arrays = {key: value.double().numpy() for key, value in found.items()}
    told = explanations(model, x[:1].detach(), classes) if classes else {}
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


def noise_of_torch(model, x, seed, names, single, classes=()):
    """
    How far float32 may be from what the float64 model computes: PyTorch's own (`single`), and other orders of summation.
    The model must not have run: what some modules keep of a run cannot be copied.
    """
    exact = computed(copy.deepcopy(model), x, seed, names, classes)
    others = [computed(*rounded_model(model, x, rounding), seed, names, classes) for rounding in roundings()]
    return noise_of(exact, [single, *others])
