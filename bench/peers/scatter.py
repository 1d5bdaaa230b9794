"""A step of a law with a nonlinear drift (row f2): every source into its band of nodes.

exp         one exponential a term
recurrence  exp(-(theta + k r)^2/2) = exp(-theta^2/2) g_k w^k, powers by repeated products, as the library does
The sums over equal nodes by bincount; or, the sources being sorted, along the band, an offset at a time.
"""
import numpy as np

REPEAT = 10


class Step:
    def __init__(self, given):
        self.x, self.p = given["x"].ravel(), given["p"].ravel()
        self.x0, self.dx, self.h, self.reach = given["parameters"].ravel()
        self.w, self.mu, self.var = (given[a].ravel() for a in ("weights", "means", "var"))
        self.sd = np.sqrt(2.0 * self.h)
        self.half = int(np.floor(self.reach * self.sd / self.dx)) + 1

    def score(self):
        z = self.mu[:, None] - self.x
        l = np.log(self.w / np.sqrt(self.var))[:, None] - 0.5 * z * z / self.var[:, None]
        r = np.exp(l - l.max(0))
        return (r * z / self.var[:, None]).sum(0) / r.sum(0)

    def sources(self):
        """Nearest nodes, distances to them in units of sd, weights."""
        mu = self.x + self.h * (self.x + 2.0 * self.score())
        position = (mu - self.x0) / self.dx
        centre = np.floor(position + 0.5)
        theta = (centre - position) * (self.dx / self.sd)
        return centre.astype(int), theta, self.p * (self.dx / (np.sqrt(2.0 * np.pi) * self.sd))


def collect(step, centre, terms):
    """Sum of the terms (bands x sources) by node."""
    n, half = len(step.x), step.half
    node = centre[None, :] + np.arange(-half, half + 1)[:, None] + half
    total = np.bincount(node.ravel(), weights=terms.ravel(), minlength=n + 2 * half + 1)
    return total[half:half + n]


def kernel_exp(step, theta, weight):
    k = np.arange(-step.half, step.half + 1)[:, None] * (step.dx / step.sd)
    u = theta + k
    terms = np.exp(-0.5 * u * u)
    terms *= weight
    terms[0][u[0] < -step.reach] = 0.0
    terms[-1][u[-1] > step.reach] = 0.0
    return terms


def kernel_recurrence(step, theta, weight):
    r, half = step.dx / step.sd, step.half
    k = np.arange(-half, half + 1)
    g = np.exp(-0.5 * (k * r) ** 2)
    terms = np.empty((2 * half + 1, len(theta)))
    first = weight * np.exp(-0.5 * theta * theta)
    up, down = np.exp(-theta * r), np.exp(theta * r)
    terms[half] = first
    for l in range(1, half + 1):
        np.multiply(terms[half + l - 1], up, out=terms[half + l])
        np.multiply(terms[half - l + 1], down, out=terms[half - l])
    terms *= g[:, None]
    terms[0][theta - half * r < -step.reach] = 0.0
    terms[-1][theta + half * r > step.reach] = 0.0
    return terms


def way(step, kernel):
    found = [None]

    def run():
        for _ in range(REPEAT):
            centre, theta, weight = step.sources()
            found[0] = collect(step, centre, kernel(step, theta, weight))

    return run, lambda: found[0]


def banded(step, kernel):
    """Rows of the band added where their sources stand: shifts by an offset, centres without repeats in runs."""
    found = [None]

    def run():
        n, half = len(step.x), step.half
        for _ in range(REPEAT):
            centre, theta, weight = step.sources()
            terms = kernel(step, theta, weight)
            total = np.zeros(n + 2 * half + 1)
            starts = np.flatnonzero(np.diff(centre, prepend=centre[0] - 1) != 0)
            place = centre[starts]
            terms = terms if len(starts) == n else np.add.reduceat(terms, starts, axis=1)
            for l in range(2 * half + 1):
                total[place + l] += terms[l]
            found[0] = total[half:half + n]

    return run, lambda: found[0]


def ways(given):
    step = Step(given)
    return {"numpy exp, bincount": way(step, kernel_exp),
            "numpy recurrence, bincount": way(step, kernel_recurrence),
            "numpy exp, banded": banded(step, kernel_exp),
            "numpy recurrence, banded": banded(step, kernel_recurrence)}
