"""Number formats, uniform grids and clips, as an expert would write them with NumPy, PyTorch, ml_dtypes and numba."""
from peer import digest, library, load, load_numba, load_torch, np, offer, serve

weights = load("weights")
part = load("part")
out = np.empty_like(weights)
bits, out_bits = weights.view(np.int32), out.view(np.int32)
exponents = np.empty_like(bits)
powers_of_two = exponents.view(np.float32)
uniform = np.empty_like(weights)
generator = np.random.Generator(np.random.SFC64(7))


def powers(values):
    values = np.asarray(values)
    return [float(np.sum(np.abs(values), dtype=np.float64)), float(np.sum(np.square(values), dtype=np.float64))]


def per_row():
    scales = np.maximum(weights.max(1), -weights.min(1))[:, None] / np.float32(127)
    np.divide(weights, scales, out=out)
    np.rint(out, out=out)
    np.multiply(out, scales, out=out)
    return out


offer("INT8 per row", "numpy", per_row, powers)


def adders(smallest, mantissa):
    """The power of two whose last place is one step of the format, for each value."""
    np.bitwise_and(bits, 0x7F800000, out=exponents)
    np.maximum(exponents, (127 + smallest) << 23, out=exponents)
    np.add(exponents, (23 - mantissa) << 23, out=exponents)


def e4m3():
    adders(-6, 3)
    np.abs(weights, out=out)
    np.add(out, powers_of_two, out=out)
    np.subtract(out, powers_of_two, out=out)
    np.copysign(out, weights, out=out)
    return out


def stochastic():
    """A random part of a step is added and the sum cut off; the random numbers have 24 bits."""
    np.bitwise_and(bits, 0x7F800000, out=exponents)
    np.maximum(exponents, (127 - 6) << 23, out=exponents)
    np.subtract(exponents, 3 << 23, out=exponents)
    generator.random(dtype=np.float32, out=uniform)
    np.abs(weights, out=out)
    np.divide(out, powers_of_two, out=out)
    np.add(out, uniform, out=out)
    np.floor(out, out=out)
    np.multiply(out, powers_of_two, out=out)
    np.copysign(out, weights, out=out)
    return out


def bf16():
    np.right_shift(bits, 16, out=out_bits)
    np.bitwise_and(out_bits, 1, out=out_bits)
    np.add(out_bits, 0x7FFF, out=out_bits)
    np.add(out_bits, bits, out=out_bits)
    np.bitwise_and(out_bits, -65536, out=out_bits)
    return out


offer("float8_e4m3fn", "numpy", e4m3, digest)
offer("float8_e4m3fn, stochastic", "numpy", stochastic, powers)
offer("bfloat16", "numpy", bf16, digest)


def load_ml_dtypes():
    import ml_dtypes

    return ml_dtypes


ml_dtypes = library("ml_dtypes", load_ml_dtypes)
if ml_dtypes:

    def through(dtype):
        codes = np.empty(weights.shape, dtype)

        def compute():
            np.copyto(codes, weights, casting="unsafe")
            np.copyto(out, codes, casting="unsafe")
            return out

        return compute

    offer("float8_e4m3fn", "ml_dtypes", through(ml_dtypes.float8_e4m3fn), digest)
    offer("bfloat16", "ml_dtypes", through(ml_dtypes.bfloat16), digest)

torch = library("torch", load_torch)
if torch:
    torch_weights, torch_out = torch.from_numpy(weights), torch.from_numpy(out)

    def torch_through(dtype):
        codes = torch.empty(weights.shape, dtype=dtype)

        def compute():
            codes.copy_(torch_weights)
            torch_out.copy_(codes)
            return torch_out

        return compute

    def torch_per_row():
        low, high = torch.aminmax(torch_weights, dim=1)
        scales = torch.maximum(high, -low)[:, None] / 127
        torch.div(torch_weights, scales, out=torch_out)
        torch_out.round_()
        return torch_out.mul_(scales)

    torch_exponents = torch.from_numpy(exponents)
    torch_powers = torch.from_numpy(powers_of_two)
    torch_uniform = torch.from_numpy(uniform)
    torch_generator = torch.Generator().manual_seed(7)

    def torch_stochastic():
        torch.bitwise_and(torch_weights.view(torch.int32), 0x7F800000, out=torch_exponents)
        torch_exponents.clamp_(min=(127 - 6) << 23).sub_(3 << 23)
        torch_uniform.uniform_(generator=torch_generator)
        torch.abs(torch_weights, out=torch_out)
        torch_out.div_(torch_powers).add_(torch_uniform).floor_().mul_(torch_powers)
        return torch.copysign(torch_out, torch_weights, out=torch_out)

    offer("INT8 per row", "torch", torch_per_row, powers)
    offer("float8_e4m3fn", "torch", torch_through(torch.float8_e4m3fn), digest)
    offer("bfloat16", "torch", torch_through(torch.bfloat16), digest)
    offer("float8_e4m3fn, stochastic", "torch", torch_stochastic, powers)


def brute_force(candidates=256):
    """The mean squared error at every candidate, a pass over the values for each."""
    largest = np.abs(part).max()
    errors, levels = np.empty_like(part), np.empty_like(part)
    best, least = 0.0, np.inf
    for i in range(1, candidates + 1):
        step = np.float32(largest * i / candidates / 7)
        np.divide(part, step, out=levels)
        np.rint(levels, out=levels)
        np.clip(levels, -7, 7, out=levels)
        np.multiply(levels, step, out=levels)
        np.subtract(levels, part, out=errors)
        error = float(np.dot(errors, errors))
        if error < least:
            best, least = step * 7.0, error
    return best


def sorted_sums(candidates=256):
    """The same from running sums over the sorted magnitudes: a few look-ups per candidate."""
    sizes = np.sort(np.abs(part)).astype(np.float64)
    sums = np.concatenate([[0], np.cumsum(sizes)])
    largest = sizes[-1]
    best, least = 0.0, np.inf
    for i in range(1, candidates + 1):
        step = largest * i / candidates / 7
        borders = np.searchsorted(sizes, (np.arange(7) + 0.5) * step)
        ends = np.concatenate([[0], borders, [len(sizes)]])
        levels = np.arange(8) * step
        error = np.sum(levels**2 * np.diff(ends) - 2 * levels * np.diff(sums[ends]))
        if error < least:
            best, least = step * 7, error
    return best


# The candidates are 1/256 of the largest apart, which ours refines.
offer("clip: mean squared error", "numpy", brute_force, lambda clip: [float(clip)])
offer("clip: mean squared error", "numpy sorted", sorted_sums, lambda clip: [float(clip)])


def percentile():
    return np.percentile(np.abs(weights, out=out), 99.9, overwrite_input=True)


offer("clip: percentile 99.9", "numpy", percentile, lambda clip: [float(clip)])

numba = library("numba", load_numba)
if numba:
    compiled = numba.njit(parallel=numba.config.NUMBA_NUM_THREADS > 1, error_model="numpy")

    @compiled
    def numba_per_row(values, result):
        for r in numba.prange(values.shape[0]):
            most = np.float32(0)
            for j in range(values.shape[1]):
                most = max(most, abs(values[r, j]))
            scale = most / np.float32(127)
            for j in range(values.shape[1]):
                result[r, j] = np.rint(values[r, j] / scale) * scale

    @compiled
    def numba_e4m3(values, result):
        for r in numba.prange(values.shape[0]):
            for j in range(values.shape[1]):
                size = abs(values[r, j])
                exponent = max(np.float32(size).view(np.int32) & 0x7F800000, (127 - 6) << 23) + (20 << 23)
                adder = np.int32(exponent).view(np.float32)
                result[r, j] = np.copysign(size + adder - adder, values[r, j])

    @compiled
    def numba_stochastic(values, result):
        for r in numba.prange(values.shape[0]):
            state = np.uint32(r * 2 + 1)
            for j in range(values.shape[1]):
                # xorshift32: the cheapest numbers that are any good.
                state = np.uint32((state ^ (state << 13)) & 0xFFFFFFFF)
                state = np.uint32(state ^ (state >> 17))
                state = np.uint32((state ^ (state << 5)) & 0xFFFFFFFF)
                size = abs(values[r, j])
                exponent = max(np.float32(size).view(np.int32) & 0x7F800000, (127 - 6) << 23) - (3 << 23)
                step = np.int32(exponent).view(np.float32)
                value = np.floor(size / step + np.float32(state >> 8) * np.float32(2.0**-24)) * step
                result[r, j] = np.copysign(value, values[r, j])

    def filled(fill, given, result):
        def compute():
            fill(given, result)
            return out

        return compute

    offer("INT8 per row", "numba", filled(numba_per_row, weights, out), powers)
    offer("float8_e4m3fn", "numba", filled(numba_e4m3, weights, out), digest)
    offer("float8_e4m3fn, stochastic", "numba", filled(numba_stochastic, weights, out), powers)

serve()
