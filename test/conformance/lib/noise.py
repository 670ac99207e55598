"""How far float32 may be from float64: what a difference between two libraries means, for the zoos of PyTorch, Keras and TensorFlow.

A rectifier whose input is nearer to 0 than float32 can tell, and a pool's window with two such maxima, may go either way: one such
cell of half a million moves the whole gradient below it by up to a few per cent (wide_resnet50_2: one cell at 8e-6 where the maximum
is 110; without it our gradients are PyTorch's to 2e-6). Each order of summation has others, so a library's own float32 against its
float64 seldom shows them. The library's float64 network with the roundings of float32 drawn at random does: a sum of n products as
float32 computes it is the exact sum of products that are off by about sqrt(n) units of rounding (N. J. Higham, T. Mary: A New
Approach to Probabilistic Rounding Error Analysis, SIAM J. Sci. Comput. 41(5), 2019). What rectifies smoothly or has no such cell is
compared within 1e-4 all the same.
"""

import numpy as np

UNIT = 2.0**-24
PAIRS = 4


class Rounding:
    """One draw of what float32 loses. `sign` turns all of it round: a cell near 0 then crosses it in one of the two."""

    def __init__(self, draw, sign):
        self.random, self.sign = np.random.default_rng(draw), sign

    def __call__(self, array, terms=1):
        """A float64 array, each number off by what is lost in a sum of `terms` products in any order."""
        return array * (1 + self.sign * terms**0.5 * UNIT * self.random.uniform(-1, 1, array.shape))


def pairs():
    """The draws, in pairs of opposites (antithetic variates)."""
    return [[Rounding(draw, sign) for sign in (1, -1)] for draw in range(PAIRS)]


def roundings():
    return [rounding for pair in pairs() for rounding in pair]


def noise_of(exact, others):
    """For each array of `exact` (by name): how far the same of `others` are from it at most, relative to its maximum."""

    def apart(name):
        return max(np.abs(other[name] - exact[name]).max() for other in others)

    return {name: float(apart(name) / (np.abs(value).max() + 1e-300)) for name, value in exact.items()}
