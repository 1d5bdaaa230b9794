"""Score and log-density of a Gaussian mixture (rows a).

planes   one array a coordinate and component: the form for few components in low dimension
gemm     |x - mu|^2 = |x|^2 - 2 x.mu + |mu|^2 as a matrix product, the pull as another
Points are taken in chunks that fit the caches; planes may keep the points coordinate by coordinate.
"""
import numpy as np

try:
    import torch
except ImportError:
    torch = None
try:
    import ot
except ImportError:
    ot = None
try:
    from sklearn.mixture import GaussianMixture
except ImportError:
    GaussianMixture = None

LOG_2PI = np.log(2.0 * np.pi)


class Mixture:
    """Log-weights with the normalisation, precisions, inverse Cholesky factors."""

    def __init__(self, given):
        self.x, self.mu = given["x"], given["means"]
        self.n, self.d = self.x.shape
        self.k = len(self.mu)
        self.w = given["weights"].ravel() / given["weights"].sum()
        self.shape = next(s for s in ("isotropic", "diagonal", "full") if s in given)
        self.cov = given[self.shape]
        if self.shape == "full":
            self.cov = self.cov.reshape(self.k, self.d, self.d)
            factor = np.linalg.cholesky(self.cov)
            self.half = np.linalg.inv(factor)  # C^-1 = half^T half
            log_det = 2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(1)
            self.prec = np.swapaxes(self.half, 1, 2) @ self.half
        else:
            self.prec = np.broadcast_to(1.0 / self.cov, (self.k, self.d)).copy()
            log_det = -np.log(self.prec).sum(1)
        self.logc = np.log(self.w) - 0.5 * (self.d * LOG_2PI + log_det)


def planes(m, chunk):
    """Low dimension: explicit loops over components and coordinates, points in the vectors."""
    x, out = np.ascontiguousarray(m.x.T), np.empty((1 + m.d, m.n))
    z = np.empty((m.k, m.d, chunk))
    g = np.empty((m.k, m.d, chunk)) if m.shape != "isotropic" else z
    r, t, top = np.empty((m.k, chunk)), np.empty(chunk), np.empty(chunk)
    prec = m.prec

    def block(lo, hi):
        s = slice(0, hi - lo)
        for i in range(m.k):
            for j in range(m.d):
                np.subtract(m.mu[i, j], x[j, lo:hi], out=z[i, j, s])
            for j in range(m.d):
                if m.shape == "diagonal":
                    np.multiply(z[i, j, s], prec[i, j], out=g[i, j, s])
                if m.shape == "full":
                    np.multiply(z[i, 0, s], prec[i, j, 0], out=g[i, j, s])
                    for l in range(1, m.d):
                        np.multiply(z[i, l, s], prec[i, j, l], out=t[s])
                        g[i, j, s] += t[s]
            np.multiply(z[i, 0, s], g[i, 0, s], out=r[i, s])
            for j in range(1, m.d):
                np.multiply(z[i, j, s], g[i, j, s], out=t[s])
                r[i, s] += t[s]
            r[i, s] *= -0.5 * (prec[i, 0] if m.shape == "isotropic" else 1.0)
            r[i, s] += m.logc[i]
        np.max(r[:, s], axis=0, out=top[s])
        r[:, s] -= top[s]
        np.exp(r[:, s], out=r[:, s])
        total = r[:, s].sum(axis=0)
        np.log(total, out=out[0, lo:hi])
        out[0, lo:hi] += top[s]
        np.divide(1.0, total, out=total)
        for j in range(m.d):
            s_j = out[1 + j, lo:hi]
            for i in range(m.k):
                np.multiply(r[i, s], g[i, j, s], out=t[s] if i else s_j)
                if m.shape == "isotropic":
                    (t[s] if i else s_j).__imul__(prec[i, 0])
                if i:
                    s_j += t[s]
            s_j *= total

    def run():
        for lo in range(0, m.n, chunk):
            block(lo, min(lo + chunk, m.n))

    def result():
        run()
        return np.concatenate([out[0], out[1:].T.ravel()])

    return run, result


def soft(np_, l, logp):
    """l <- softmax of its rows; logp <- their log-sum-exp."""
    top = np_.amax(l, 1)
    l -= top[:, None]
    np_.exp(l, out=l)
    total = l.sum(1)
    np_.log(total, out=logp)
    logp += top
    l /= total[:, None]


def in_chunks(n, chunk, block, logp, s):
    """The run that fills logp and s chunk by chunk, and what it finds."""
    def run():
        for lo in range(0, n, chunk):
            block(lo, min(lo + chunk, n))

    def result():
        run()
        return np.concatenate([np.asarray(logp), np.asarray(s).ravel()])

    return run, result


def gemm(m, chunk, np_, array):
    """Isotropic and diagonal by products of (x^2, x) with the precisions."""
    x, mu, prec = array(m.x), array(m.mu), array(m.prec)
    pull, constant = prec * mu, array(m.logc) - 0.5 * (prec * mu * mu).sum(1)
    linear, square = np_.ascontiguousarray(pull.T), np_.ascontiguousarray(-0.5 * prec.T)
    one = m.shape == "isotropic"
    equal = one and np.ptp(m.cov) == 0.0
    logp, s = np_.empty(m.n), np_.empty((m.n, m.d))
    l, p, y = (np_.empty((chunk, w)) for w in (m.k, m.d, m.d))

    def block(lo, hi):
        a, here = x[lo:hi], slice(0, hi - lo)
        np_.matmul(a, linear, out=l[here])
        l[here] += constant
        if equal:  # |x|^2 v^-1/2 is the same for all components
            norm = (-0.5 * prec[0, 0]) * (a * a).sum(1)
        elif one:
            l[here] += (a * a).sum(1)[:, None] * square[0]
        else:
            np_.multiply(a, a, out=y[here])
            l[here] += np_.matmul(y[here], square)
        soft(np_, l[here], logp[lo:hi])
        if equal:
            logp[lo:hi] += norm
        np_.matmul(l[here], pull, out=s[lo:hi])
        if equal:
            np_.multiply(a, prec[0, 0], out=p[here])
        else:
            np_.matmul(l[here], prec, out=p[here])
            p[here] *= a
        s[lo:hi] -= p[here]

    return in_chunks(m.n, chunk, block, logp, s)


def gemm_full(m, chunk, np_, array):
    """Full covariances: y_k = half_k (mu_k - x), a product a component; the pulls again by a product."""
    x, logc = array(m.x), m.logc
    half = [array(np.ascontiguousarray(h)) for h in m.half]
    half_t = [array(np.ascontiguousarray(h.T)) for h in m.half]
    shift = [array(h @ mu) for h, mu in zip(m.half, m.mu)]
    logp, s = np_.empty(m.n), np_.empty((m.n, m.d))
    y, l = np_.empty((m.k, chunk, m.d)), np_.empty((chunk, m.k))
    p = np_.empty((chunk, m.d))

    def block(lo, hi):
        a, here = x[lo:hi], slice(0, hi - lo)
        for i in range(m.k):
            np_.matmul(a, half_t[i], out=y[i, here])
            np_.subtract(shift[i], y[i, here], out=y[i, here])
            l[here, i] = (y[i, here] * y[i, here]).sum(1) * -0.5 + logc[i]
        soft(np_, l[here], logp[lo:hi])
        s[lo:hi] = 0.0
        for i in range(m.k):
            y[i, here] *= l[here, i][:, None]
            np_.matmul(y[i, here], half[i], out=p[here])
            s[lo:hi] += p[here]

    return in_chunks(m.n, chunk, block, logp, s)


def gemm_pot(m, chunk):
    """Squared distances by POT."""
    v = m.cov[0, 0]
    logp, s = np.empty(m.n), np.empty((m.n, m.d))

    def run():
        for lo in range(0, m.n, chunk):
            a, hi = m.x[lo:lo + chunk], min(lo + chunk, m.n)
            l = ot.dist(a, m.mu)
            l *= -0.5 / v
            l += m.logc
            soft(np, l, logp[lo:hi])
            np.matmul(l, m.mu, out=s[lo:hi])
            s[lo:hi] -= a
            s[lo:hi] /= v

    def result():
        run()
        return np.concatenate([logp, s.ravel()])

    return run, result


def sklearn_score(m, chunk):
    """Responsibilities and log-density by scikit-learn, then the pull."""
    kind = {"isotropic": "spherical", "diagonal": "diag", "full": "full"}[m.shape]
    g = GaussianMixture(m.k, covariance_type=kind)
    g.weights_, g.means_ = m.w, m.mu
    if m.shape == "full":
        g.precisions_cholesky_ = np.ascontiguousarray(np.swapaxes(m.half, 1, 2))
    else:
        g.precisions_cholesky_ = 1.0 / np.sqrt(m.cov[:, 0] if kind == "spherical" else m.cov)
    logp, s = np.empty(m.n), np.empty((m.n, m.d))

    def run():
        for lo in range(0, m.n, chunk):
            a, hi = m.x[lo:lo + chunk], min(lo + chunk, m.n)
            l, r = g._estimate_log_prob_resp(a)
            logp[lo:hi] = l
            np.exp(r, out=r)
            if m.shape == "full":
                s[lo:hi] = 0.0
                for i in range(m.k):
                    s[lo:hi] += r[:, i, None] * ((m.mu[i] - a) @ m.prec[i])
            else:
                s[lo:hi] = r @ (m.prec * m.mu) - a * (r @ m.prec)

    def result():
        run()
        return np.concatenate([logp, s.ravel()])

    return run, result


def torch_array(x):
    return torch.from_numpy(np.array(x))


class TorchNames:
    """torch under numpy's names."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def empty(shape):
        return torch.empty(shape, dtype=torch.float64)

    @staticmethod
    def ascontiguousarray(x):
        return x.contiguous()


def ways(given):
    m, found = Mixture(given), {}
    if m.k * m.d <= 200:
        for chunk in (2048, 8192) if m.k > 16 else (4096, 16384, 65536):
            found[f"numpy planes of {chunk}"] = planes(m, chunk)
    product = gemm_full if m.shape == "full" else gemm
    for chunk in (256, 1024, 4096):
        found[f"numpy GEMM of {chunk}"] = product(m, chunk, np, np.asarray)
        if torch is not None:
            found[f"torch GEMM of {chunk}"] = product(m, chunk, TorchNames(), torch_array)
    if ot is not None and m.shape == "isotropic" and np.ptp(m.cov) == 0.0:
        found["POT distances of 1024"] = gemm_pot(m, 1024)
    if GaussianMixture is not None:
        found["scikit-learn of 1024"] = sklearn_score(m, 1024)
    return found
