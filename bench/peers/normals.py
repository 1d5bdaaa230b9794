"""Normals (row d)."""
import numpy as np

try:
    import torch
except ImportError:
    torch = None

PART = 10000


def by_numpy(n, bits):
    draw, z = np.random.Generator(bits(1)), np.empty(PART)

    def run():
        for _ in range(n // PART):
            draw.standard_normal(out=z)

    return run, lambda: [z.mean(), (z * z).mean()]


def by_torch(n):
    z = torch.empty(PART, dtype=torch.float64)

    def run():
        for _ in range(n // PART):
            z.normal_()

    return run, lambda: [z.mean().item(), (z * z).mean().item()]


def ways(given):
    n = int(given["n"][0, 0])
    found = {"numpy SFC64": by_numpy(n, np.random.SFC64),
             "numpy Philox": by_numpy(n, np.random.Philox)}
    if torch is not None:
        found["torch"] = by_torch(n)
    return found
