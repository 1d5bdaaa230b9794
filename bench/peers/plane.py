"""Score of an isotropic mixture in the plane, coordinate by coordinate, no array allocated: rows b and c."""
import numpy as np


class Score:
    """For chunks of at most `chunk` points; log-density not wanted. One variance for all components, as b and c have."""

    def __init__(self, w, mu, var, chunk):
        assert np.ptp(var) == 0.0
        self.mu, self.prec = mu, 1.0 / var.flat[0]
        self.logw = np.log(w.ravel() / w.sum())
        k, d = mu.shape
        self.z, self.r = np.empty((d, k, chunk)), np.empty((k, chunk))
        self.t, self.top = np.empty((k, chunk)), np.empty(chunk)

    def __call__(self, x, out):
        """out <- score at x, both d x n."""
        d, n = x.shape
        z, r, t, top = self.z[:, :, :n], self.r[:, :n], self.t[:, :n], self.top[:n]
        for j in range(d):
            np.subtract(self.mu[:, j, None], x[j], out=z[j])
        np.multiply(z[0], z[0], out=r)
        for j in range(1, d):
            np.multiply(z[j], z[j], out=t)
            r += t
        r *= -0.5 * self.prec
        r += self.logw[:, None]
        np.max(r, axis=0, out=top)
        r -= top
        np.exp(r, out=r)
        np.sum(r, axis=0, out=top)
        np.divide(self.prec, top, out=top)
        for j in range(d):
            np.multiply(z[j], r, out=z[j])
            np.sum(z[j], axis=0, out=out[j])
            out[j] *= top
