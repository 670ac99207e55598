"""Weights and pictures by formula, the same as known-network.ts makes: nothing has to be stored of them."""

import numpy as np
import torch


def numbers(count, seed):
    """Numbers in 0..1 that look random, by 32-bit arithmetic."""
    x = (np.arange(1, count + 1, dtype=np.uint64) * 2654435761 + seed * 40503 + 1) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return (x ^ (x >> 16)).astype(np.float64) / 4294967296


def weights(key, shape, seed):
    """Kernels as they are initialised, scales and variances around 1, the rest around 0."""
    count = int(np.prod(shape))
    u = numbers(count, seed)
    if len(shape) >= 2:
        value = (2 * u - 1) * np.sqrt(6 / (count / shape[0]))
    elif key.endswith((".weight", "running_var", "gamma", "temperature")):
        value = 0.5 + u
    else:
        value = 0.2 * (u - 0.5)
    return torch.from_numpy(value.astype(np.float32).reshape(shape))


def picture(side, channels=3):
    """Rows, columns, channels: as a picture lies; as [1, channels, side, side]."""
    u = numbers(side * side * channels, 999)
    return torch.from_numpy((4 * u - 2).astype(np.float32)).reshape(1, side, side, channels).permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format)
