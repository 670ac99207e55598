"""One-pixel attacks for any function from rows (N, H, W, C) to logits: what differs between the peers is that function."""

import numpy as np

from common import about, given, read_input, save_arrays


def corner_batches(options, batch=400):
    """Every corner of the colour cube at every pixel, as (N, H, W, C) inputs, from the array of --input."""
    base, scale = read_input(options), about(options)
    low, high = np.array(scale["min"], "float32"), np.array(scale["max"], "float32")
    _, height, width, channels = base.shape
    total = height * width * 8
    for first in range(0, total, batch):
        index = np.arange(first, min(total, first + batch))
        rows = np.repeat(base, len(index), 0)
        bits = (index[:, None] >> np.array([2, 1, 0])) & 1
        y, x = index // 8 // width, index // 8 % width
        rows[np.arange(len(index)), y, x] = np.where(bits == 1, high, low)
        yield rows


def random_batches(options, batch=400, count=21):
    """One random pixel of the picture of --input changed in each row, as the first step of an attack is."""
    base, scale = read_input(options), about(options)
    low, high = np.array(scale["min"], "float32"), np.array(scale["max"], "float32")
    _, height, width, channels = base.shape
    random = np.random.default_rng(1)
    for _ in range(count):
        rows = np.repeat(base, batch, 0)
        y, x = random.integers(0, height, batch), random.integers(0, width, batch)
        colours = random.random((batch, channels), dtype="float32")
        rows[np.arange(batch), y, x] = low + colours * (high - low)
        yield rows


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def attack(options, logits_of):
    """--steps batches of random candidates: (run, save) for a function from rows (NHWC) to logits."""

    def run():
        for rows in random_batches(options, options.batch, options.steps):
            scores = logits_of(rows)
        return scores

    def save(_):
        scored = softmax(logits_of(given(options, "candidates")))
        save_arrays(options, probabilities=scored[:, options.class_index])

    return run, save


def exact_attack(options, logits_of):
    """Every corner at every pixel: the lowest probability of the class, pixel by pixel."""

    def run():
        scored = [softmax(logits_of(rows)) for rows in corner_batches(options, options.batch)]
        own = np.concatenate(scored)[:, options.class_index]
        return own.reshape(-1, 8).min(1)

    return run, lambda map: save_arrays(options, map=map)


def scipy_attack(options, logits_of):
    """SciPy's differential evolution, its whole population scored at once."""
    from scipy.optimize import differential_evolution

    base, scale = read_input(options), about(options)
    low, high = np.array(scale["min"], "float32"), np.array(scale["max"], "float32")
    _, height, width, channels = base.shape

    def score(genes):
        rows = np.repeat(base, genes.shape[1], 0)
        y, x = genes[0].astype(int), genes[1].astype(int)
        colours = np.rint(genes[2:].T) / 255
        rows[np.arange(len(rows)), y, x] = low + colours * (high - low)
        return softmax(logits_of(rows))[:, options.class_index]

    bounds = [(0, height - 1e-3), (0, width - 1e-3)] + [(0, 255)] * channels

    def run():
        return differential_evolution(
            score,
            bounds,
            maxiter=options.steps - 1,
            popsize=options.batch // len(bounds),
            recombination=1,
            tol=0,
            atol=-1,
            polish=False,
            updating="deferred",
            vectorized=True,
            rng=1,
        )

    return run, lambda result: None
