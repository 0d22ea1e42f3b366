"""N:M and transposable masks, as an expert would write them with NumPy, PyTorch, numba, HiGHS and OR-Tools."""
import itertools

from peer import library, load, load_numba, load_torch, np, offer, serve

weights = load("weights")
part = load("part")
side = len(weights)


def kept_by(matrix):
    def kept(mask):
        mask = np.asarray(mask)
        return [float(np.sum(np.abs(matrix), where=mask.astype(bool), dtype=np.float64)), int(np.count_nonzero(mask))]

    return kept


kept = kept_by(weights)
magnitude = np.empty_like(weights)
mask = np.empty(weights.shape, bool)


def argpartition(keep, group):
    def compute():
        np.abs(weights, out=magnitude)
        places = np.argpartition(magnitude.reshape(-1, group), group - keep, axis=1)[:, group - keep :]
        mask.fill(False)
        np.put_along_axis(mask.reshape(-1, group), places, True, 1)
        return mask

    return compute


planes = np.empty((4, weights.size // 4), np.float32)
beaten = np.empty((4, weights.size // 4), np.int8)
beats = np.empty(weights.size // 4, bool)


def compare():
    """The rank of each of the four by comparison: the first of equals wins."""
    np.abs(weights.reshape(-1, 4).T, out=planes)
    beaten[:] = np.arange(4, dtype=np.int8)[:, None]
    for i, j in itertools.combinations(range(4), 2):
        np.greater(planes[j], planes[i], out=beats)
        np.add(beaten[i], beats.view(np.int8), out=beaten[i])
        np.subtract(beaten[j], beats.view(np.int8), out=beaten[j])
    np.less(beaten.T, 2, out=mask.reshape(-1, 4))
    return mask


offer("2:4 mask", "numpy argpartition", argpartition(2, 4), kept)
offer("2:4 mask", "numpy compare", compare, kept)
offer("4:8 mask", "numpy argpartition", argpartition(4, 8), kept)

torch = library("torch", load_torch)
if torch:
    torch_weights = torch.from_numpy(weights)
    torch_magnitude = torch.empty_like(torch_weights)
    torch_mask = torch.empty(weights.shape, dtype=torch.bool)

    def topk(keep, group):
        values = torch.empty((weights.size // group, keep))
        places = torch.empty((weights.size // group, keep), dtype=torch.int64)

        def compute():
            torch.abs(torch_weights, out=torch_magnitude)
            torch.topk(torch_magnitude.view(-1, group), keep, 1, sorted=False, out=(values, places))
            torch_mask.zero_()
            torch_mask.view(-1, group).scatter_(1, places, True)
            return torch_mask

        return compute

    torch_planes = torch.empty((4, weights.size // 4))
    torch_beaten = torch.empty((4, weights.size // 4), dtype=torch.int8)
    torch_beats = torch.empty(weights.size // 4, dtype=torch.bool)

    def torch_compare():
        torch.abs(torch_weights.view(-1, 4).T, out=torch_planes)
        torch_beaten[:] = torch.arange(4, dtype=torch.int8)[:, None]
        for i, j in itertools.combinations(range(4), 2):
            torch.gt(torch_planes[j], torch_planes[i], out=torch_beats)
            torch_beaten[i] += torch_beats
            torch_beaten[j] -= torch_beats.view(torch.int8)
        torch.lt(torch_beaten.T, 2, out=torch_mask.view(-1, 4))
        return torch_mask

    offer("2:4 mask", "torch topk", topk(2, 4), kept)
    offer("2:4 mask", "torch compare", torch_compare, kept)
    offer("4:8 mask", "torch topk", topk(4, 8), kept)

rows = [row for row in itertools.product((0, 1), repeat=4) if sum(row) == 2]
patterns = [np.ravel(each) for each in itertools.product(rows, repeat=4) if (np.sum(each, 0) == 2).all()]
patterns = np.array(patterns, np.float32)
assert len(patterns) == 90
boolean_patterns = patterns.astype(bool).reshape(90, 4, 4)
tiles = np.empty((side // 4, side // 4, 4, 4), np.float32)
scores = np.empty((weights.size // 16, 90), np.float32)
columns_first = np.ascontiguousarray(patterns.T)


def best_of_90():
    np.abs(weights.reshape(side // 4, 4, side // 4, 4).transpose(0, 2, 1, 3), out=tiles)
    np.matmul(tiles.reshape(-1, 16), columns_first, out=scores)
    best = scores.argmax(1).reshape(side // 4, side // 4)
    mask.reshape(side // 4, 4, side // 4, 4).transpose(0, 2, 1, 3)[:] = boolean_patterns[best]
    return mask


offer("transposable 2:4 mask, optimum", "numpy", best_of_90, kept)

if torch:
    torch_tiles, torch_scores = torch.from_numpy(tiles), torch.from_numpy(scores)
    torch_patterns = torch.from_numpy(patterns)
    torch_boolean = torch.from_numpy(boolean_patterns)

    def torch_best_of_90():
        view = torch_weights.view(side // 4, 4, side // 4, 4).permute(0, 2, 1, 3)
        torch.abs(view, out=torch_tiles)
        torch.matmul(torch_tiles.view(-1, 16), torch_patterns.T, out=torch_scores)
        best = torch_scores.argmax(1).view(side // 4, side // 4)
        torch_mask.view(side // 4, 4, side // 4, 4).permute(0, 2, 1, 3)[:] = torch_boolean[best]
        return torch_mask

    offer("transposable 2:4 mask, optimum", "torch", torch_best_of_90, kept)


def tiles_of(matrix, group):
    n = len(matrix) // group
    return np.abs(matrix).reshape(n, group, n, group).transpose(0, 2, 1, 3).reshape(-1, group * group)


def matrix_of(parts, group):
    n = len(part) // group
    return parts.reshape(n, n, group, group).transpose(0, 2, 1, 3).reshape(part.shape)


kept_of_part = kept_by(part)


def greedy():
    values = tiles_of(part, 8)
    order = np.argsort(-values, 1, kind="stable")
    chosen = np.zeros(values.shape, bool)
    at = np.arange(len(values))
    in_row, in_column = np.zeros((len(values), 8), np.int8), np.zeros((len(values), 8), np.int8)
    for rank in range(64):
        entry = order[:, rank]
        row, column = entry >> 3, entry & 7
        take = (in_row[at, row] < 4) & (in_column[at, column] < 4)
        chosen[at, entry] = take
        in_row[at, row] += take
        in_column[at, column] += take
    return matrix_of(chosen, 8)


offer("transposable 4:8 mask, greedy", "numpy", greedy, kept_of_part)


def load_highs():
    import scipy.sparse
    from scipy.optimize import linprog

    return scipy.sparse, linprog


highs = library("HiGHS", load_highs)
if highs:
    sparse, linprog = highs

    def linear_program(batch=64):
        values = tiles_of(part, 8).astype(np.float64)
        lines = sparse.vstack([sparse.kron(sparse.eye(8), np.ones((1, 8))), sparse.kron(np.ones((1, 8)), sparse.eye(8))])
        constraints = sparse.block_diag([lines] * batch, "csr")
        chosen = []
        for start in range(0, len(values), batch):
            cost = -values[start : start + batch].ravel()
            result = linprog(cost, A_eq=constraints, b_eq=np.full(16 * batch, 4.0), bounds=(0, 1), method="highs")
            chosen.append(result.x.round().astype(bool))
        return matrix_of(np.concatenate(chosen), 8)

    offer("transposable 4:8 mask, optimum", "HiGHS", linear_program, kept_of_part)


def load_ortools():
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    return SimpleMinCostFlow


flow = library("OR-Tools", load_ortools)
if flow:
    count = part.size // 64
    nodes = 16 * np.arange(count)[:, None, None]
    tails = np.broadcast_to(nodes + np.arange(8)[:, None], (count, 8, 8)).ravel().astype(np.int32)
    heads = np.broadcast_to(nodes + 8 + np.arange(8), (count, 8, 8)).ravel().astype(np.int32)
    ones = np.ones(len(tails), np.int64)
    supplies = np.tile(np.repeat([4, -4], 8), count)

    def one_graph():
        """All blocks in one graph, their costs as integers of 2^-30 of the largest weight."""
        values = tiles_of(part, 8)
        costs = np.rint(values.ravel().astype(np.float64) * (-(2.0**30) / values.max())).astype(np.int64)
        solver = flow()
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, costs)
        solver.set_nodes_supplies(np.arange(16 * count, dtype=np.int32), supplies)
        if solver.solve() != solver.OPTIMAL:
            raise RuntimeError("no optimum")
        flows = solver.flows(np.arange(len(tails), dtype=np.int32))
        return matrix_of(flows.astype(bool), 8)

    offer("transposable 4:8 mask, optimum", "OR-Tools", one_graph, kept_of_part)

numba = library("numba", load_numba)
if numba:
    compiled = numba.njit(parallel=numba.config.NUMBA_NUM_THREADS > 1, error_model="numpy")

    @compiled
    def numba_nm4(values, out):
        for r in numba.prange(values.shape[0]):
            for j in range(0, values.shape[1], 4):
                a, b = abs(values[r, j]), abs(values[r, j + 1])
                c, d = abs(values[r, j + 2]), abs(values[r, j + 3])
                ab, ac, ad, bc, bd, cd = b > a, c > a, d > a, c > b, d > b, d > c
                out[r, j] = ab + ac + ad < 2
                out[r, j + 1] = 1 - ab + bc + bd < 2
                out[r, j + 2] = 2 - ac - bc + cd < 2
                out[r, j + 3] = 3 - ad - bd - cd < 2

    @compiled
    def numba_nm8(values, out):
        for r in numba.prange(values.shape[0]):
            for j in range(0, values.shape[1], 8):
                for i in range(8):
                    beaten = 0
                    value = abs(values[r, j + i])
                    for k in range(8):
                        other = abs(values[r, j + k])
                        beaten += other > value or (other == value and k < i)
                    out[r, j + i] = beaten < 4

    def halves_of_patterns():
        """The 90 masks as pairs of the 36 choices for two rows."""
        pairs = list(itertools.product(range(6), repeat=2))
        table = []
        for top, bottom in itertools.product(range(36), repeat=2):
            chosen = [rows[i] for i in pairs[top] + pairs[bottom]]
            if (np.sum(chosen, 0) == 2).all():
                table.append((top, bottom))
        return np.array(table, np.int64)

    halves = halves_of_patterns()
    row_choices = np.array(rows, bool)

    @compiled
    def numba_t4(values, halves, row_choices, out):
        for r in numba.prange(values.shape[0] // 4):
            sums = np.empty((4, 6), np.float32)
            top = np.empty(36, np.float32)
            bottom = np.empty(36, np.float32)
            for j in range(0, values.shape[1], 4):
                for i in range(4):
                    a, b = abs(values[4 * r + i, j]), abs(values[4 * r + i, j + 1])
                    c, d = abs(values[4 * r + i, j + 2]), abs(values[4 * r + i, j + 3])
                    # In the order of `rows`.
                    sums[i, 0], sums[i, 1], sums[i, 2] = c + d, b + d, b + c
                    sums[i, 3], sums[i, 4], sums[i, 5] = a + d, a + c, a + b
                for p in range(6):
                    for q in range(6):
                        top[6 * p + q] = sums[0, p] + sums[1, q]
                        bottom[6 * p + q] = sums[2, p] + sums[3, q]
                best, most = 0, np.float32(-1)
                for k in range(90):
                    score = top[halves[k, 0]] + bottom[halves[k, 1]]
                    if score > most:
                        best, most = k, score
                t, b2 = halves[best, 0], halves[best, 1]
                out[4 * r, j : j + 4] = row_choices[t // 6]
                out[4 * r + 1, j : j + 4] = row_choices[t % 6]
                out[4 * r + 2, j : j + 4] = row_choices[b2 // 6]
                out[4 * r + 3, j : j + 4] = row_choices[b2 % 6]

    @compiled
    def numba_greedy(values, out):
        for r in numba.prange(values.shape[0] // 8):
            tile = np.empty(64, np.float32)
            for j in range(0, values.shape[1], 8):
                for i in range(64):
                    tile[i] = -abs(values[8 * r + (i >> 3), j + (i & 7)])
                order = np.argsort(tile, kind="mergesort")
                in_row, in_column = np.zeros(8, np.int8), np.zeros(8, np.int8)
                for rank in range(64):
                    row, column = order[rank] >> 3, order[rank] & 7
                    take = in_row[row] < 4 and in_column[column] < 4
                    out[8 * r + row, j + column] = take
                    in_row[row] += take
                    in_column[column] += take

    part_mask = np.empty(part.shape, bool)

    def filled(fill, *values):
        def compute():
            fill(*values)
            return values[-1]

        return compute

    offer("2:4 mask", "numba", filled(numba_nm4, weights, mask), kept)
    offer("4:8 mask", "numba", filled(numba_nm8, weights, mask), kept)
    offer("transposable 2:4 mask, optimum", "numba", filled(numba_t4, weights, halves, row_choices, mask), kept)
    offer("transposable 4:8 mask, greedy", "numba", filled(numba_greedy, part, part_mask), kept_of_part)

serve()
