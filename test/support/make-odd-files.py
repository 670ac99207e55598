"""Writes test/models/odd: HDF5 files that Keras does not write, or that try to lead outside. Needs h5py.

python test/support/make-odd-files.py
"""

import gzip
import os
import zlib

import h5py
import numpy as np

OUT = os.path.join(os.path.dirname(__file__), "..", "models", "odd")


def layer(file, name, **weights):
    group = file.require_group(name)
    group.attrs["weight_names"] = [f"{name}/{weight}:0".encode() for weight in weights]
    for weight, make in weights.items():
        make(group.require_group(name), f"{weight}:0")


def weights_file(name, **layers):
    with h5py.File(os.path.join(OUT, name), "w") as file:
        file.attrs["layer_names"] = [layer_name.encode() for layer_name in layers]
        file.attrs["keras_version"] = "2.15.0"
        for layer_name, weights in layers.items():
            layer(file, layer_name, **weights)


def stored(values, **options):
    return lambda group, name: group.create_dataset(name, data=values, **options)


def brain(group, name):
    bits = (np.arange(8, dtype="float32").view("uint32") >> 16).astype("uint16")
    group.create_dataset(name, data=bits).attrs["dtype"] = "bfloat16"


def virtual(group, name):
    layout = h5py.VirtualLayout((3, 3, 1, 2), "float32")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "secret", (3, 3, 1, 2))
    group.create_virtual_dataset(name, layout)


def bomb(group, name):
    """A chunk of 16 KB that goes on for 256 MB when it is inflated."""
    data = group.create_dataset(name, (4096, 1), "float32", chunks=(4096, 1), compression="gzip")
    packer = zlib.compressobj(9)
    data.id.write_direct_chunk((0, 0), b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush())


def twice(group, name):
    """Packed twice: what the first step makes of it is modest, what the second makes of that need not be."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((64, 1))
    plist.set_deflate(9)
    plist.set_deflate(9)
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((64, 1)), plist).write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros((64, 1), "float32"))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    kernel = np.arange(72, dtype="float32").reshape(3, 3, 2, 4)
    eight = np.arange(8)
    weights_file(
        "encodings.weights.h5",
        conv={"kernel": stored(kernel, chunks=(2, 2, 2, 2), compression="gzip", shuffle=True, fletcher32=True), "bias": stored(eight[:4].astype("float64"))},
        half={"kernel": stored(eight.astype("float16").reshape(2, 4)), "bias": stored(np.array([1e-7, -np.inf, 65504, 0.1], "float16"))},
        turned={"kernel": stored(eight.astype(">f4").reshape(2, 4))},
        brain={"kernel": brain},
        whole={"kernel": stored(eight.astype("int8").reshape(2, 4)), "count": stored(np.int64(7))},
    )
    weights_file("external-link.h5", conv={"kernel": lambda g, n: g.__setitem__(n, h5py.ExternalLink("elsewhere.h5", "/secret"))})
    weights_file("virtual.h5", conv={"kernel": virtual})
    weights_file("external-storage.h5", conv={"kernel": lambda g, n: g.create_dataset(n, (3, 3, 1, 2), "float32", external=[("elsewhere.bin", 0, 72)])})
    weights_file("huge-chunked.h5", conv={"kernel": lambda g, n: g.create_dataset(n, (3, 3, 10**6, 10**6), "float32", chunks=(3, 3, 10, 10))})
    weights_file("huge.h5", conv={"kernel": lambda g, n: g.create_dataset(n, (3, 3, 10**5, 10**5), "float32")})
    weights_file("bomb.h5", dense={"kernel": bomb})
    path = os.path.join(OUT, "bomb.h5")
    with open(path, "rb") as file, open(f"{path}.gz", "wb") as packed:
        packed.write(gzip.compress(file.read(), 9, mtime=0))
    os.remove(path)
    weights_file("twice.h5", dense={"kernel": twice})
    with h5py.File(os.path.join(OUT, "no-model.h5"), "w") as file:
        file["temperature"] = np.arange(3.0)
