"""Entropy coders of quantized values with NumPy, numba, zlib and constriction."""
import zlib

from peer import digest, library, load, load_numba, np, offer, serve

symbols = load("symbols")
unsigned = symbols.view(np.uint8)
low, high = int(symbols.min()), int(symbols.max())
same = lambda value: [value]


def entropy_of(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log2(p)).sum()


offer("symbol entropy", "numpy", lambda: entropy_of(np.bincount(unsigned, minlength=256)), same)
offer("CRC-32", "zlib", lambda: zlib.crc32(symbols), same)

numba = library("numba", load_numba)
if numba:

    @numba.njit
    def count(values, tables):
        tables[:] = 0
        for i in range(0, values.size - 3, 4):
            tables[0, values[i]] += 1
            tables[1, values[i + 1]] += 1
            tables[2, values[i + 2]] += 1
            tables[3, values[i + 3]] += 1
        for i in range(values.size & ~3, values.size):
            tables[0, values[i]] += 1

    tables = np.zeros((4, 256), np.uint32)

    def fused():
        count(unsigned, tables)
        return entropy_of(tables.sum(0))

    offer("symbol entropy", "numba", fused, same)


def deflate():
    """Deflate without matches: Huffman alone."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
    return compressor.compress(symbols) + compressor.flush()


deflated = deflate()
offer("Huffman encode", "zlib", deflate, lambda stream: [8 * len(stream)])
offer("Huffman decode", "zlib", lambda: zlib.decompress(deflated, -15, symbols.size), lambda out: digest(np.frombuffer(out, np.uint8)))

constriction = library("constriction", lambda: __import__("constriction"))
if constriction:
    places = symbols.astype(np.int32) - low
    share = np.bincount(places) / places.size
    model = constriction.stream.model.Categorical(share, perfect=False)

    def encode():
        coder = constriction.stream.stack.AnsCoder()
        coder.encode_reverse(places, model)
        return coder.get_compressed()

    stream = encode()
    offer("rANS encode", "constriction", encode, lambda words: [32 * len(words)])
    offer(
        "rANS decode",
        "constriction",
        lambda: constriction.stream.stack.AnsCoder(stream).decode(model, places.size),
        lambda out: digest((out + low).astype(np.int8)),
    )

    # Its Huffman codes are written and read one symbol at a call.
    encoder_tree = constriction.symbol.huffman.EncoderHuffmanTree(share)
    decoder_tree = constriction.symbol.huffman.DecoderHuffmanTree(share)
    listed = places.tolist()

    def huffman_encode():
        coder = constriction.symbol.QueueEncoder()
        put = coder.encode_symbol
        for place in listed:
            put(place, encoder_tree)
        return coder.get_compressed()

    coded = huffman_encode()

    def huffman_decode():
        take = constriction.symbol.QueueDecoder(coded[0]).decode_symbol
        return [take(decoder_tree) for _ in listed]

    offer("Huffman encode", "constriction", huffman_encode, lambda result: [result[1]])
    offer("Huffman decode", "constriction", huffman_decode, lambda out: digest((np.array(out) + low).astype(np.int8)))

serve()
