"""The Python side of round-trip.test.ts: `write` makes files with NumPy, safetensors and onnx and says what is in them;
`read` reads ours and says what it found. What is said is contents.json in the folder: of each array its dtype, shape, its
bytes (row-major, little-endian) and its values as float64, in base64.
"""
import base64
import json
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors import TensorSpec, deserialize, safe_open, serialize

rng = np.random.default_rng(41)
plain = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split()
shapes = [(), (0,), (0, 3), (5,), (3, 4), (2, 3, 4)]


def dtype_of(name):
    return np.dtype(getattr(ml_dtypes, name, None) or name)


def array_of(name, shape):
    """Random bits: NaN of every kind, infinities, zeros and denormals among them. 64-bit integers stay below 2^53."""
    dtype = dtype_of(name)
    if name == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if name in ("int64", "uint64"):
        return rng.integers(0 if name == "uint64" else 1 - 2**53, 2**53, shape, dtype=np.int64).astype(dtype)
    count = int(np.prod(shape))
    if name in ("int4", "uint4", "int2", "uint2"):
        values = rng.integers(0, 4 if name.endswith("2") else 16, shape)
        half = 0 if name.startswith("u") else 2 if name == "int2" else 8
        return (values - half).astype(dtype)
    if name == "float4_e2m1fn":
        return rng.integers(0, 16, shape).astype(np.uint8).view(dtype)
    array = np.frombuffer(rng.bytes(count * dtype.itemsize), dtype).copy()
    special = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1.5]
    if "float" in name and count >= 12 and "fn" not in name:
        array[:6] = np.array(special).astype(dtype)
    return array.reshape(shape)


def text(data):
    return base64.b64encode(bytes(data)).decode()


def said(array, **more):
    little = array.astype(array.dtype.newbyteorder("<")) if array.dtype.byteorder == ">" else array
    with np.errstate(all="ignore"):
        values = array.astype(np.float64)
    return {
        "dtype": array.dtype.newbyteorder("=").name,
        "shape": list(array.shape),
        "bytes": text(np.ascontiguousarray(little).tobytes()),
        "values": text(np.ascontiguousarray(values).astype("<f8").tobytes()),
        **more,
    }


def write_npy(folder):
    contents = []
    for name in plain:
        for order in "<>" if dtype_of(name).itemsize > 1 else "|":
            for layout in "CF":
                for shape in shapes:
                    array = np.array(array_of(name, shape).astype(dtype_of(name).newbyteorder(order)), order=layout)
                    file = f"{len(contents)}.npy"
                    np.save(folder / file, array)
                    contents.append(said(array, file=file))
    for version in (1, 2, 3):
        array = array_of("float32", (3, 5))
        with open(folder / f"version{version}.npy", "wb") as out:
            np.lib.format.write_array(out, array, version=(version, 0))
        contents.append(said(array, file=f"version{version}.npy"))
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
        array = array_of(name, (3, 5))
        np.save(folder / f"{name}.npy", array)
        contents.append(said(array, file=f"{name}.npy", format=name))
    return contents


def write_npz(folder):
    contents = []
    for file, save in (("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)):
        arrays = {f"{name} {shape} é": array_of(name, shape) for name in plain for shape in shapes}
        arrays["zeros"] = np.zeros((300, 400), "float32")
        save(folder / file, **arrays)
        contents += [said(array, file=file, name=name) for name, array in arrays.items()]
    return contents


narrow = "bfloat16 float8_e4m3fn float8_e5m2 float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz float4_e2m1fn".split()


def write_safetensors(folder):
    arrays = {f"{name} {shape}": array_of(name, shape) for name in plain + narrow for shape in shapes}
    arrays = {name: array for name, array in arrays.items() if "float4" not in name or array.shape[-1:] in ((0,), (4,))}
    alive, specs = [], {}
    for name, array in arrays.items():
        kind, stored, shape = name.split()[0], np.ascontiguousarray(array).reshape(array.shape), list(array.shape)
        if kind == "float4_e2m1fn":
            codes = array.view(np.uint8).reshape(-1)
            stored = np.ascontiguousarray(codes[::2] | codes[1::2] << 4)
            # The specification doubles the last axis.
            kind, shape = "float4_e2m1fn_x2", shape[:-1] + [shape[-1] // 2]
        alive.append(stored)
        specs[name] = TensorSpec(dtype=kind, shape=shape, data_ptr=stored.ctypes.data, data_len=stored.nbytes)
    metadata = {"format": "np", "é": "\"quoted\"\n\U0001f600"}
    (folder / "all.safetensors").write_bytes(bytes(serialize(specs, metadata=metadata)))
    contents = [said(array, file="all.safetensors", name=name) for name, array in arrays.items()]
    return contents + [{"file": "all.safetensors", "metadata": metadata}]


def write_onnx(folder):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    kinds = {name.upper(): name for name in plain if name not in ("float16", "float32", "float64")}
    kinds |= {"FLOAT": "float32", "DOUBLE": "float64", "FLOAT16": "float16", "BFLOAT16": "bfloat16"}
    kinds |= {f"FLOAT8{name}": f"float8_{name.lower()}" for name in ("E4M3FN", "E4M3FNUZ", "E5M2", "E5M2FNUZ")}
    kinds |= {"INT4": "int4", "UINT4": "uint4", "INT2": "int2", "UINT2": "uint2", "FLOAT4E2M1": "float4_e2m1fn"}
    initializers, contents = [], []
    for kind, name in kinds.items():
        for shape in shapes:
            label, array = f"{kind} {shape}", array_of(name, shape)
            initializers.append(numpy_helper.from_array(array, label))
            assert initializers[-1].data_type == getattr(TensorProto, kind)
            contents.append(said(array, file="all.onnx", name=label))
            if array.size and not name.startswith(("float8", "float4", "bfloat")):
                with np.errstate(all="ignore"):
                    finite = np.nan_to_num(array.astype(np.float64), posinf=1, neginf=-1)
                    listed = finite.astype(array.dtype)
                proto = helper.make_tensor(f"{label} listed", getattr(TensorProto, kind), shape, listed.flatten().tolist())
                initializers.append(proto)
                contents.append(said(numpy_helper.to_array(proto), file="all.onnx", name=f"{label} listed"))
    model = helper.make_model(helper.make_graph([], "weights", [], [], initializer=initializers))
    (folder / "all.onnx").write_bytes(model.SerializeToString())
    outside = numpy_helper.from_array(array_of("float32", (40, 40)), "outside")
    model = helper.make_model(helper.make_graph([], "weights", [], [], initializer=[outside]))
    onnx.save(model, folder / "outside.onnx", save_as_external_data=True, location="outside.bin", size_threshold=0)
    return contents


def read(folder):
    contents = []
    for path in sorted(folder.glob("*.npy")):
        contents.append(said(np.load(path, allow_pickle=False), file=path.name))
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as arrays:
            contents += [said(arrays[name], file=path.name, name=name) for name in arrays.files]
    for path in sorted(folder.glob("*.safetensors")):
        for name, one in deserialize(path.read_bytes()):
            contents.append(
                {"file": path.name, "name": name, "dtype": one["dtype"], "shape": one["shape"], "bytes": text(one["data"])}
            )
        with safe_open(path, framework="np") as opened:
            contents.append({"file": path.name, "metadata": opened.metadata()})
            for name in opened.keys():
                if opened.get_slice(name).get_dtype() in ("BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "F16", "F32", "F64"):
                    contents.append(said(opened.get_tensor(name), file=path.name, name=name, by="safe_open"))
    return contents


mode, folder = sys.argv[1], Path(sys.argv[2])
if mode == "read":
    said_all = read(folder)
else:
    said_all = write_npy(folder) + write_npz(folder) + write_safetensors(folder) + write_onnx(folder)
(folder / "contents.json").write_text(json.dumps(said_all))
