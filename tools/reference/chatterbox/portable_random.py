"""Random weights that any language can make again from a tensor's name.

Value i of a tensor is `mean + half_width * (2u - 1)`, all in float32, where u is the top 24 bits of the SplitMix64
output number i, seeded with the FNV-1a hash of the tensor's name. So a checkpoint of hundreds of megabytes is fixed
by a list of names, shapes, means and half widths: the Swift tests make it themselves from that list.
"""

from __future__ import annotations

import numpy as np

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
CHUNK = 1 << 20


def seed_of(name: str) -> int:
    """The 64-bit FNV-1a hash of a name."""
    state = 0xCBF29CE484222325
    for byte in name.encode("utf-8"):
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return state


def _signed_unit(seed: int, start: int, count: int) -> np.ndarray:
    """Values `start ..< start + count` of a seed's sequence, float32 in [-1, 1)."""
    state = np.arange(start + 1, start + count + 1, dtype=np.uint64)
    state *= GOLDEN_GAMMA
    state += np.uint64(seed)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return (state >> np.uint64(40)).astype(np.float32) * np.float32(2**-23) - np.float32(1)


def uniform(name: str, count: int, mean: float, half_width: float) -> np.ndarray:
    """A tensor's `count` values in memory order, float32."""
    seed = seed_of(name)
    values = np.empty(count, np.float32)
    with np.errstate(over="ignore"):
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            values[start : start + size] = _signed_unit(seed, start, size) * np.float32(half_width) + np.float32(mean)
    return values


def gaussian(name: str, count: int) -> np.ndarray:
    """Noise of mean 0 and deviation 1 that other languages can make again: (a + b) + c of three uniform sequences."""
    parts = [uniform(f"{name}/{index}", count, 0.0, 1.0) for index in range(3)]
    return (parts[0] + parts[1]) + parts[2]
