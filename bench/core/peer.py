"""The Python side of a group of the compute benchmark: reads the inputs, then answers one line per request.

A group's script does `from peer import …`, declares what it offers with `offer`, and ends with `serve()`.
usage: <group>.py FOLDER THREADS [ONLY]; FOLDER holds the inputs as .npy files
"""
import gc
import importlib.metadata
import json
import os
import sys
import time
import zlib

folder, threads = sys.argv[1], int(sys.argv[2])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = str(threads)
os.environ["XLA_FLAGS"] = "" if threads > 1 else "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
sys.path.append("/usr/lib/python3/dist-packages")

import numpy as np

offers = {}
missing = {}


def library(name, load):
    """Returns what `load` imports, or None; then the rows of that library say why they are missing."""
    try:
        return load()
    except Exception as error:  # an import can fail in many ways, and each of them only means that there is no row
        missing[name] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return None


def load_torch():
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    return torch


def load_numba():
    import numba

    return numba


def load(name):
    return np.load(os.path.join(folder, f"{name}.npy"))


def offer(name, peer, compute, condense):
    """Declares that `peer` computes `name`: `compute` is timed, `condense` makes a list of numbers of what it returns."""
    offers[f"{name}/{peer}"] = (compute, condense)


def digest(array):
    """The checksum of the bytes: equal for equal arrays alone."""
    return [float(zlib.crc32(np.ascontiguousarray(array).tobytes()))]


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def serve():
    packages = ("numpy", "scipy", "numba", "torch", "jax", "ml_dtypes", "PyWavelets", "constriction", "ortools", "highspy")
    versions = {name: version(name) for name in packages if version(name) != "unknown"}
    versions["python"] = sys.version.split()[0]
    print(json.dumps({"versions": versions, "offers": sorted(offers), "missing": missing}), flush=True)
    for line in sys.stdin:
        compute, condense = offers[line.strip()]
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        result = compute()
        milliseconds = (time.perf_counter() - start) * 1e3
        gc.enable()
        values = [float(value) for value in condense(result)]
        print(json.dumps({"milliseconds": milliseconds, "values": values}), flush=True)
