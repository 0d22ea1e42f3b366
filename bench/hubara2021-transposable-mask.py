"""The NumPy and SciPy side of the mask benchmark: reads a matrix, then answers one line per request.

usage: hubara2021-transposable-mask.py weights.f32 side
"""
import itertools
import json
import sys
import time

import numpy as np

try:
    import scipy
    import scipy.sparse as sp
    from scipy.optimize import linprog
except ImportError:
    scipy = None

side = int(sys.argv[2])
weights = np.fromfile(sys.argv[1], np.float32).reshape(side, side)


def row_mask(keep, group):
    magnitude = np.abs(weights).reshape(-1, group)
    index = np.argpartition(magnitude, group - keep, axis=1)[:, group - keep :]
    mask = np.zeros(magnitude.shape, bool)
    np.put_along_axis(mask, index, True, 1)
    return mask.reshape(weights.shape)


def blocks(matrix, group):
    n = side // group
    return matrix.reshape(n, group, n, group).transpose(0, 2, 1, 3).reshape(-1, group * group)


def matrix(parts, group):
    n = side // group
    return parts.reshape(n, n, group, group).transpose(0, 2, 1, 3).reshape(side, side)


rows = [row for row in itertools.product((0, 1), repeat=4) if sum(row) == 2]
patterns = [np.ravel(mask) for mask in itertools.product(rows, repeat=4) if (np.sum(mask, 0) == 2).all()]
patterns = np.array(patterns, np.float32)
assert len(patterns) == 90


def best_of_90():
    scores = blocks(np.abs(weights), 4) @ patterns.T
    return matrix(patterns[scores.argmax(1)].astype(bool), 4)


def greedy_keep(keep, group):
    magnitude = blocks(np.abs(weights), group)
    order = np.argsort(-magnitude, 1, kind="stable")
    mask = np.zeros(magnitude.shape, bool)
    at = np.arange(len(magnitude))
    in_row = np.zeros((len(magnitude), group), np.int8)
    in_column = np.zeros((len(magnitude), group), np.int8)
    for rank in range(group * group):
        entry = order[:, rank]
        row, column = entry // group, entry % group
        take = (in_row[at, row] < keep) & (in_column[at, column] < keep)
        mask[at, entry] = take
        in_row[at, row] += take
        in_column[at, column] += take
    return matrix(mask, group)


def linear_program(keep, group, batch=64):
    magnitude = blocks(np.abs(weights), group).astype(np.float64)
    lines = sp.vstack([sp.kron(sp.eye(group), np.ones((1, group))), sp.kron(np.ones((1, group)), sp.eye(group))])
    parts = []
    for start in range(0, len(magnitude), batch):
        cost = -magnitude[start : start + batch].ravel()
        n = len(cost) // group**2
        constraints = sp.block_diag([lines] * n, "csr")
        result = linprog(cost, A_eq=constraints, b_eq=np.full(2 * group * n, float(keep)), bounds=(0, 1), method="highs")
        parts.append(result.x.reshape(n, -1).round().astype(bool))
    return matrix(np.concatenate(parts), group)


offers = {
    "nm24": lambda: row_mask(2, 4),
    "nm48": lambda: row_mask(4, 8),
    "t24": best_of_90,
    "t48-greedy": lambda: greedy_keep(4, 8),
}
versions = {"python": sys.version.split()[0], "numpy": np.__version__}
if scipy:
    offers["t48-lp"] = lambda: linear_program(4, 8)
    versions["scipy"] = scipy.__version__

print(json.dumps({"versions": versions, "offers": list(offers)}))
for line in sys.stdin:
    start = time.perf_counter()
    mask = offers[line.strip()]()
    milliseconds = (time.perf_counter() - start) * 1e3
    kept = float(np.abs(weights)[mask].sum(dtype=np.float64))
    print(json.dumps({"milliseconds": milliseconds, "value": kept}))
