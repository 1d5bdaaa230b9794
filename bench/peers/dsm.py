"""Mean denoising loss with the exact score (row c)."""
import numpy as np

from plane import Score

D = 2


def by_numpy(given, bits, chunk):
    n, m, s2 = int(given["n"][0, 0]), given["m"][0, 0], given["s2"][0, 0]
    mu, sd = given["means"], np.sqrt(given["var"][0, 0])
    w = given["weights"].ravel() / given["weights"].sum()
    score = Score(w, m * mu, m * m * given["var"] + s2, chunk)
    draw, steps = np.random.Generator(bits(1)), np.cumsum(w)[:-1]
    x, z, s, u = (np.empty((D, chunk)) for _ in range(4))
    total = []

    def run():
        total.clear()
        for _ in range(n // chunk):
            which = np.searchsorted(steps, draw.random(chunk))
            draw.standard_normal(out=x)
            draw.standard_normal(out=z)
            x.__imul__(m * sd)
            for j in range(D):
                np.take(m * mu[:, j], which, out=u[j])
            x.__iadd__(u)
            np.multiply(z, np.sqrt(s2), out=u)
            x.__iadd__(u)
            score(x, s)
            np.multiply(z, 1.0 / np.sqrt(s2), out=u)
            s.__iadd__(u)
            total.append(np.vdot(s, s))

    return run, lambda: [sum(total) / (len(total) * chunk)]


def ways(given):
    return {f"numpy SFC64, chunks of {chunk}": by_numpy(given, np.random.SFC64, chunk)
            for chunk in (5000, 20000, 50000)}
