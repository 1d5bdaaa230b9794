"""Euler-Maruyama for the reverse OU process of a mixture in the plane (row b): a chunk of paths through all steps."""
import numpy as np

from plane import Score

D = 2


def by_numpy(given, bits, chunk):
    n, t = int(given["n"][0, 0]), given["t"].ravel()
    draw = np.random.Generator(bits(1))
    last = np.empty((D, n))
    s, z = np.empty((D, chunk)), np.empty((D, chunk))

    def laws():
        for u, v in zip(t[:-1], t[1:]):
            m = np.exp(-u)
            var = m * m * given["var"] - np.expm1(-2.0 * u)
            yield u - v, Score(given["weights"], m * given["means"], var, chunk)

    def run():
        steps = list(laws()) if chunk * len(t) < 1e5 else None
        for lo in range(0, n, chunk):
            x = last[:, lo:lo + chunk]
            m = x.shape[1]
            x[...] = draw.standard_normal((D, m))
            for h, score in steps or laws():
                score(x, s[:, :m])
                draw.standard_normal(out=z)
                s[:, :m] *= 2.0 * h
                x *= 1.0 + h
                x += s[:, :m]
                z.__imul__(np.sqrt(2.0 * h))
                x += z[:, :m]

    return run, lambda: [f for x in last for f in (x.mean(), (x * x).mean())]


def ways(given):
    return {f"numpy SFC64, {chunk} paths": by_numpy(given, np.random.SFC64, chunk)
            for chunk in (2500, 10000, 40000)}
