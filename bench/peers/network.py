"""Training a perceptron by Adam (row e): autograd, and back-propagation by hand."""
import numpy as np

try:
    import torch
except ImportError:
    torch = None

STEPS, RATE = 20, 1e-3


def layers(given):
    """[(A, b)] as they stand in one array."""
    width, w, found, at = given["width"].ravel().astype(int), given["weights"].ravel(), [], 0
    for rows, columns in zip(width[1:], width[:-1]):
        A = w[at:at + rows * columns].reshape(rows, columns).copy()
        at += rows * columns
        found.append((A, w[at:at + rows].copy()))
        at += rows
    return found


def by_autograd(given, foreach):
    network = torch.nn.Sequential()
    for i, (A, b) in enumerate(layers(given)):
        if i:
            network.append(torch.nn.ReLU())
        linear = torch.nn.Linear(A.shape[1], A.shape[0], dtype=torch.float64)
        linear.weight.copy_(torch.from_numpy(A))
        linear.bias.copy_(torch.from_numpy(b))
        network.append(linear)
    adam = torch.optim.Adam(network.parameters(), lr=RATE, foreach=foreach)
    x, target = torch.tensor(given["x"]), torch.tensor(given["target"])

    def back():
        with torch.enable_grad():
            adam.zero_grad(set_to_none=True)
            loss = torch.nn.functional.mse_loss(network(x), target, reduction="sum") / len(x)
            loss.backward()

    back()
    first = np.concatenate([p.grad.numpy().ravel() for p in network.parameters()])

    def run():
        for _ in range(STEPS):
            back()
            with torch.enable_grad():
                adam.step()

    return run, lambda: first


def by_hand(given):
    """One array for all parameters, products into arrays that stay."""
    parts, n = layers(given), len(given["x"])
    w = torch.tensor(given["weights"].ravel())
    g, m, v, t = (torch.zeros_like(w) for _ in range(4))
    views, at = [], 0
    for A, b in parts:
        views.append([(a[at:at + A.size].view(A.shape), a[at + A.size:at + A.size + b.size]) for a in (w, g)])
        at += A.size + b.size
    value = [torch.tensor(given["x"])] + [torch.empty(n, len(b), dtype=torch.float64) for _, b in parts]
    error = [None] + [torch.empty_like(a) for a in value[1:]]
    target, last, count = torch.tensor(given["target"]), len(parts), [0]

    def back():
        for i, ((A, b), _) in enumerate(views):
            torch.addmm(b, value[i], A.t(), out=value[i + 1])
            if i + 1 < last:
                value[i + 1].clamp_(min=0.0)
        torch.sub(value[last], target, out=error[last])
        error[last] *= 2.0 / n
        for i in range(last, 0, -1):
            (A, _), (gA, gb) = views[i - 1]
            torch.mm(error[i].t(), value[i - 1], out=gA)
            torch.sum(error[i], 0, out=gb)
            if i > 1:
                torch.mm(error[i], A, out=error[i - 1])
                error[i - 1] *= value[i - 1] > 0.0

    def step():
        count[0] += 1
        k = count[0]
        m.mul_(0.9).add_(g, alpha=0.1)
        v.mul_(0.999).addcmul_(g, g, value=0.001)
        torch.sqrt(v, out=t)
        t.mul_((1.0 - 0.999 ** k) ** -0.5).add_(1e-8)
        w.addcdiv_(m, t, value=-RATE / (1.0 - 0.9 ** k))

    back()
    first = g.numpy().copy()

    def run():
        for _ in range(STEPS):
            back()
            step()

    return run, lambda: first


def ways(given):
    if torch is None:
        return {}
    return {"torch autograd": by_autograd(given, False),
            "torch autograd, foreach": by_autograd(given, True),
            "torch by hand": by_hand(given)}
