"""500 convolutions with a Gaussian by real FFT (row f)."""
import numpy as np

try:
    import scipy.fft
except ImportError:
    scipy = None
try:
    import torch
except ImportError:
    torch = None

STEPS = 500


def by(there, back, p, gain, asarray):
    gain, found = asarray(gain.ravel() * p.size), [None]
    start = asarray(p.ravel().copy())

    def run():
        x = start
        for _ in range(STEPS):
            modes = there(x)
            modes *= gain
            x = back(modes, p.size)
        found[0] = x

    return run, lambda: np.asarray(found[0])


def ways(given):
    p, gain = given["p"], given["gain"]
    found = {"numpy rfft": by(np.fft.rfft, np.fft.irfft, p, gain, np.asarray)}
    if scipy is not None:
        found["scipy rfft"] = by(scipy.fft.rfft, scipy.fft.irfft, p, gain, np.asarray)
    if torch is not None:
        found["torch rfft"] = by(torch.fft.rfft, torch.fft.irfft, p, gain, torch.from_numpy)
    return found
