"""The other process of bench --peers: peer.c says what goes through the pipes.

A job is a dictionary from the names of the ways there are to do it to pairs (run, result): run() does the
work once and is timed, result() gives the numbers to compare. The way with the least processor time of three runs is
the peer. Denormal numbers are flushed to zero where torch is there to say so.
"""
import importlib
import os
import sys
import time

requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # what a library prints must not get between

try:
    import numpy as np
except ImportError:
    sys.exit(1)


def versions():
    found = []
    for module in ("numpy", "torch", "scipy", "sklearn", "ot"):
        try:
            found.append(f"{module} {importlib.import_module(module).__version__}")
        except ImportError:
            pass
    if "torch" in sys.modules:
        import torch
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        torch.set_grad_enabled(False)
    return ", ".join(found)


def timed(run):
    begin = time.process_time()
    run()
    return time.process_time() - begin


def read_arrays(specifications):
    arrays = {}
    for text in specifications:
        name, rows, columns = text.rsplit(":", 2)
        shape = int(rows), int(columns)
        data = requests.read(8 * shape[0] * shape[1])
        arrays[name] = np.frombuffer(data).reshape(shape)
    return arrays


def make(group, arrays):
    """The fastest way, and its pair; None where no library for it is there. One that another version of its library
    cannot go is passed over."""
    ways = importlib.import_module(group).ways(arrays)
    seconds = {}
    for name, (run, _) in ways.items():
        try:
            timed(run)
            seconds[name] = min(timed(run) for _ in range(2))
        except Exception as error:
            print(f"bench: {group}: {name}: {error}", file=sys.stderr)
            continue
        if "--verbose" in sys.argv:
            print(f"{group}: {name}: {1e3 * seconds[name]:.4g} ms", file=sys.stderr)
    if not seconds:
        return "-", None
    best = min(seconds, key=seconds.get)
    return best, ways[best]


def say(text):
    replies.write(text.encode() + b"\n")
    replies.flush()


jobs = {}
say(versions())
for line in requests:
    request, index, *rest = line.decode().split()
    if request == "new":
        way, jobs[index] = make(rest[0], read_arrays(rest[1:]))
        say(way)
    elif request == "run":
        say(repr(timed(jobs[index][0])))
    else:
        result = np.ascontiguousarray(jobs[index][1](), dtype=float)
        say(str(result.size))
        replies.write(result.tobytes())
        replies.flush()
