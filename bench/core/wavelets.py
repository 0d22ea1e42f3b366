"""Wavelets of feature maps with PyWavelets, NumPy, PyTorch and numba."""
from peer import library, load, load_numba, load_torch, np, offer, serve

maps = load("maps")
sides = (maps.shape[0], maps.shape[1] // 2, maps.shape[2] // 2)


def sample(array):
    flat = np.asarray(array).ravel()
    places = [int(i / 40 * flat.size) + i for i in range(40)]
    return [*flat[places], np.abs(flat).mean(dtype=np.float64)]


def samples(arrays):
    return [value for array in arrays for value in sample(array)]


def slices(of):
    return of[:, 0::2, 0::2], of[:, 0::2, 1::2], of[:, 1::2, 0::2], of[:, 1::2, 1::2]


def haar(library, half):
    """Haar of slices, by any library with NumPy's functions and `out`."""

    def butterfly(sources, places, parts):
        a, b, c, d = sources
        p, q, r, s = parts
        library.add(a, b, out=p)
        library.subtract(a, b, out=q)
        library.add(c, d, out=r)
        library.subtract(c, d, out=s)
        for first, second, (low, high) in ((p, r, places[:2]), (q, s, places[2:])):
            library.add(first, second, out=low)
            library.subtract(first, second, out=high)
            library.multiply(low, half, out=low)
            library.multiply(high, half, out=high)

    return butterfly


def offer_slices(name, butterfly, make, given):
    approximation, horizontal, vertical, diagonal = quarters = [make(sides) for _ in range(4)]
    parts = [make(sides) for _ in range(4)]
    whole = make(maps.shape)

    def split():
        butterfly(slices(given), (approximation, horizontal, vertical, diagonal), parts)
        return quarters

    def join():
        a, b, c, d = slices(whole)
        butterfly((approximation, vertical, horizontal, diagonal), (a, c, b, d), parts)
        return whole

    split()
    offer("haar dwt2", name, split, samples)
    offer("haar idwt2", name, join, sample)


offer_slices("numpy", haar(np, np.float32(0.5)), lambda shape: np.empty(shape, np.float32), maps)

pywt = library("pywt", lambda: __import__("pywt"))
if pywt:

    def bands(result):
        approximation, details = result
        return samples((approximation, *details))

    for name in ("haar", "db2", "db4"):
        split = pywt.dwt2(maps, name)
        offer(f"{name} dwt2", "pywt", lambda name=name: pywt.dwt2(maps, name), bands)
        offer(f"{name} idwt2", "pywt", lambda name=name, split=split: pywt.idwt2(split, name), sample)
    offer("db2 dwt", "pywt", lambda: pywt.dwt(maps, "db2"), samples)

torch = library("torch", load_torch)
if torch:
    offer_slices("torch", haar(torch, 0.5), lambda shape: torch.empty(shape), torch.from_numpy(maps))

numba = library("numba", load_numba)
if numba:

    @numba.njit(parallel=True, fastmath=True)
    def split(x, approximation, horizontal, vertical, diagonal):
        half = np.float32(0.5)
        for i in numba.prange(x.shape[0]):
            for r in range(approximation.shape[1]):
                for k in range(approximation.shape[2]):
                    a, b = x[i, 2 * r, 2 * k], x[i, 2 * r, 2 * k + 1]
                    c, d = x[i, 2 * r + 1, 2 * k], x[i, 2 * r + 1, 2 * k + 1]
                    approximation[i, r, k] = (a + b + c + d) * half
                    horizontal[i, r, k] = (a + b - c - d) * half
                    vertical[i, r, k] = (a - b + c - d) * half
                    diagonal[i, r, k] = (a - b - c + d) * half

    @numba.njit(parallel=True, fastmath=True)
    def join(approximation, horizontal, vertical, diagonal, x):
        half = np.float32(0.5)
        for i in numba.prange(x.shape[0]):
            for r in range(approximation.shape[1]):
                for k in range(approximation.shape[2]):
                    a, h = approximation[i, r, k], horizontal[i, r, k]
                    v, d = vertical[i, r, k], diagonal[i, r, k]
                    x[i, 2 * r, 2 * k] = (a + h + v + d) * half
                    x[i, 2 * r, 2 * k + 1] = (a + h - v - d) * half
                    x[i, 2 * r + 1, 2 * k] = (a - h + v - d) * half
                    x[i, 2 * r + 1, 2 * k + 1] = (a - h - v + d) * half

    fused = [np.empty(sides, np.float32) for _ in range(4)]
    back = np.empty_like(maps)
    numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    split(maps, *fused)
    offer("haar dwt2", "numba", lambda: split(maps, *fused) or fused, samples)
    offer("haar idwt2", "numba", lambda: (join(*fused, back), back)[1], sample)

serve()
