"""Statistics of gradients with NumPy, PyTorch and numba: logarithms in float32, results that are used again."""
import math

from peer import library, load, load_numba, load_torch, np, offer, serve

gradients = load("gradients")
count, bins = len(gradients), 512
logs = np.empty_like(gradients)
steps = np.arange(count + 1) / count
from scipy.special import ndtr


def fit():
    np.log(np.abs(gradients, out=logs), out=logs)
    mean = logs.mean(dtype=np.float64)
    return mean, math.sqrt(np.square(logs - np.float32(mean)).mean(dtype=np.float64))


def shares(counts):
    return [float(counts[bin]) / count for bin in (0, bins // 4, bins // 2, bins - 1)]


scaled = np.empty_like(gradients)
probabilities = np.empty(count)
gaps = np.empty(count)


def gap_of(mean, std, ordered):
    np.subtract(ordered, mean, out=probabilities)
    np.divide(probabilities, std, out=probabilities)
    ndtr(probabilities, out=probabilities)
    above = np.subtract(steps[1:], probabilities, out=gaps).max()
    return max(above, np.subtract(probabilities, steps[:-1], out=gaps).max())


def summary():
    mean, std = fit()
    logs.sort()
    # Sorted values have a histogram for nothing: the places of the edges.
    edges = np.linspace(logs[0], logs[-1], bins + 1)
    places = np.searchsorted(logs, edges)
    places[-1] = count
    return mean, std, gap_of(mean, std, logs), np.diff(places)


def described(result):
    mean, std, gap, counts = result
    return [mean, std, gap, *shares(counts)]


offer("lognormal fit", "numpy", fit, list)
offer("lognormal fit, histogram, exact KS", "numpy", summary, described)

torch = library("torch", load_torch)
if torch:
    torch_gradients, torch_logs = torch.from_numpy(gradients), torch.empty(count)
    torch_steps = torch.from_numpy(steps)
    sorted_logs, order = torch.empty(count), torch.empty(count, dtype=torch.int64)

    def torch_fit():
        torch.log(torch.abs(torch_gradients, out=torch_logs), out=torch_logs)
        std, mean = torch.std_mean(torch_logs, correction=0)
        return float(mean), float(std)

    def torch_summary():
        mean, std = torch_fit()
        counts = torch.histc(torch_logs, bins)
        torch.sort(torch_logs, out=(sorted_logs, order))
        p = torch.special.ndtr((sorted_logs.double() - mean) / std)
        gap = max(float((torch_steps[1:] - p).max()), float((p - torch_steps[:-1]).max()))
        return mean, std, gap, counts

    offer("lognormal fit", "torch", torch_fit, list)
    offer("lognormal fit, histogram, exact KS", "torch", torch_summary, described)

numba = library("numba", load_numba)
if numba:
    compiled = numba.njit(parallel=numba.config.NUMBA_NUM_THREADS > 1, error_model="numpy")

    @compiled
    def numba_fit(values, logs):
        total = 0.0
        squares = 0.0
        for i in numba.prange(len(values)):
            x = math.log(abs(values[i]))
            logs[i] = x
            total += x + 12.0
            squares += (x + 12.0) * (x + 12.0)
        mean = total / len(values)
        return mean - 12.0, math.sqrt(squares / len(values) - mean * mean)

    @compiled
    def numba_gap(ordered, mean, std):
        largest = 0.0
        n = len(ordered)
        for i in numba.prange(n):
            p = 0.5 * math.erfc((mean - ordered[i]) / (std * math.sqrt(2.0)))
            largest = max(largest, (i + 1) / n - p, p - i / n)
        return largest

    def numba_summary():
        mean, std = numba_fit(gradients, logs)
        logs.sort()
        edges = np.linspace(logs[0], logs[-1], bins + 1)
        places = np.searchsorted(logs, edges)
        places[-1] = count
        return mean, std, numba_gap(logs, mean, std), np.diff(places)

    offer("lognormal fit", "numba", lambda: numba_fit(gradients, logs), list)
    offer("lognormal fit, histogram, exact KS", "numba", numba_summary, described)

serve()
