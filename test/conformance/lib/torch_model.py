"""What PyTorch computes for a network, and how far its float32 may be off (see noise.py)."""

import copy

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


def computed(model, x, seed, names):
    """Output, maps and the gradient of sum(output * seed), as float64 arrays of whatever precision the model has."""
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
    return {key: value.double().numpy() for key, value in found.items()}


def rounded_model(model, x, rounding):
    """The float64 model and picture, off by what float32 may be off."""

    def off(tensor, terms=1):
        return torch.from_numpy(rounding(tensor.numpy(), terms))

    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(off(parameter.detach(), parameter[0].numel() if parameter.dim() > 1 else 1))
    return model, off(x)


def noise_of_torch(model, x, seed, names, single):
    """
    How far float32 may be from what the float64 model computes: PyTorch's own (`single`), and other orders of summation.
    The model must not have run: what some modules keep of a run cannot be copied.
    """
    exact = computed(copy.deepcopy(model), x, seed, names)
    others = [computed(*rounded_model(model, x, rounding), seed, names) for rounding in roundings()]
    return noise_of(exact, [single, *others])
