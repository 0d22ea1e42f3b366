"""Products and decompositions of matrices with NumPy, SciPy, PyTorch and JAX."""
from peer import library, load, load_torch, np, offer, serve

a, b = load("a"), load("b")
symmetric = {64: load("symmetric64"), 256: load("symmetric256")}
general = {64: load("general64"), 256: load("general256")}
maps = load("maps")
out = np.empty((1024, 1024), np.float32)


def corners(product):
    product = np.asarray(product)
    flat, columns = product.ravel(), product.shape[1]
    places = [0, 1, columns - 1, columns, 7 * columns + 5, flat.size - 1]
    return [*flat[places], flat.sum(dtype=np.float64)]


offer("SGEMM", "numpy", lambda: np.matmul(a, b, out=out), corners)

signs_a, signs_b = np.empty_like(a), np.empty_like(b)


def binary():
    np.copysign(np.float32(1), a, out=signs_a)
    np.copysign(np.float32(1), b, out=signs_b)
    return np.matmul(signs_a, signs_b.T, out=out)


offer("±1 GEMM, packing included", "numpy", binary, corners)

torch = library("torch", load_torch)
if torch:
    torch_a, torch_b, torch_out = torch.from_numpy(a), torch.from_numpy(b), torch.empty((1024, 1024))
    one = torch.ones(())
    torch_signs = torch.empty_like(torch_a), torch.empty_like(torch_b)

    def torch_binary():
        torch.copysign(one, torch_a, out=torch_signs[0])
        torch.copysign(one, torch_b, out=torch_signs[1])
        return torch.mm(torch_signs[0], torch_signs[1].T, out=torch_out)

    offer("SGEMM", "torch", lambda: torch.mm(torch_a, torch_b, out=torch_out), corners)
    offer("±1 GEMM, packing included", "torch", torch_binary, corners)


def load_jax():
    import jax

    return jax


jax = library("jax", load_jax)
if jax:
    jax_a, jax_b = jax.numpy.asarray(a), jax.numpy.asarray(b)
    multiply = jax.jit(lambda x, y: jax.numpy.matmul(x, y, precision="highest"))
    offer("SGEMM", "jax", lambda: multiply(jax_a, jax_b).block_until_ready(), corners)

for side, matrix in symmetric.items():
    offer(f"eigh {side}", "numpy", lambda matrix=matrix: np.linalg.eigh(matrix), lambda result: result[0])

for side, matrix in general.items():
    offer(f"svd {side}", "numpy", lambda matrix=matrix: np.linalg.svd(matrix), lambda result: result[1])



def upper(factors):
    r = factors[1]
    return (np.where(np.diag(r) < 0, -1, 1)[:, None] * r).ravel()


double_out = np.empty((256, 256))
offer("qr 256", "numpy", lambda: np.linalg.qr(general[256]), upper)
offer("DGEMM", "numpy", lambda: np.matmul(general[256], symmetric[256], out=double_out), lambda p: corners(p)[:-1])

scipy = library("scipy", lambda: __import__("scipy.linalg").linalg)
if scipy:
    for side, matrix in symmetric.items():
        offer(f"eigh {side}", "scipy", lambda matrix=matrix: scipy.eigh(matrix, driver="evd"), lambda result: result[0])
    offer("qr 256", "scipy", lambda: scipy.qr(general[256], mode="economic"), upper)
    for side, matrix in general.items():
        offer(f"svd {side}", "scipy", lambda matrix=matrix: scipy.svd(matrix, lapack_driver="gesdd"), lambda result: result[1])


def fit_klt():
    observations = maps.transpose(1, 0, 2, 3).reshape(maps.shape[1], -1)
    centred = observations - observations.mean(1, keepdims=True)
    values, vectors = np.linalg.eigh(centred @ centred.T / centred.shape[1])
    return values[::-1], vectors[:, ::-1]


offer("KLT fit", "numpy", fit_klt, lambda result: result[0])

mean, basis = load("mean"), load("basis")
mean32, basis32 = mean.astype(np.float32)[:, None], np.ascontiguousarray(basis.T, np.float32)
planes = maps.reshape(*maps.shape[:2], -1)
coefficients, centred = np.empty_like(planes), np.empty_like(planes)


def klt():
    np.subtract(planes, mean32, out=centred)
    return np.matmul(basis32, centred, out=coefficients)


offer("KLT", "numpy", klt, lambda result: corners(result)[:-1])
serve()
