"""Writes, beside model.py of test/golden/data/own-keras, files of weights of its networks as this version of Keras has them, what ConvLens' helper
makes of each when `convlens export` runs it (NAME.pb), and what Keras computes with them (NAME.json).

    venv/bin/python test/support/make-own-keras.py       with TensorFlow 2.15 and its own Keras 2, and again with Keras 3; dist/ is built
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types

import numpy as np

OWN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "data" / "own-keras"
CONVLENS = OWN.parents[3] / "dist" / "cli.js"
# a Lambda's bytecode names the file that it is from
script = sys.modules["model"] = types.ModuleType("model")
exec(compile((OWN / "model.py").read_text(), "model.py", "exec"), script.__dict__)
keras = script.keras
version = keras.__version__ if hasattr(keras, "__version__") else "2"
major = int(version.split(".")[0])
picture = (np.arange(16 * 16 * 3) % 17).reshape(1, 16, 16, 3).astype("float32") / 17
draw = np.random.default_rng(3)


def filled(network):
    network(picture)
    for variable in network.weights:
        numbers = draw.normal(size=variable.shape) * 0.3
        variable.assign(abs(numbers) + 0.5 if "variance" in variable.name else numbers)
    return network


def write(network, entry, name, save):
    file = OWN / name
    save(str(file))
    with tempfile.TemporaryDirectory() as folder:
        # keeps what the helper leaves in its own folder
        python = pathlib.Path(folder) / "python"
        python.write_text(f"#!/bin/sh\n{sys.executable} \"$@\" && cp structure.pb '{OWN / name}.pb'\n")
        python.chmod(0o755)
        words = ["--entry", f"{OWN}/model.py:{entry}", "--input", "1x16x16x3", "--python", str(python)]
        own = {**os.environ, "CONVLENS_STRUCTURES": folder}
        subprocess.run(["node", str(CONVLENS), "export", str(file), *words], check=True, env=own)
    scores = np.asarray(network(picture, training=False))[0]
    told = {"file": name, "entry": entry, "scores": [float(one) for one in scores]}
    (OWN / f"{name}.json").write_text(json.dumps(told) + "\n")


net, built = filled(script.Net()), script.build()
built.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
filled(built)
built.train_on_batch(picture, np.eye(5)[:1])
write(net, "Net", f"net_k{major}.weights.h5", net.save_weights)
write(built, "build", f"lambda_k{major}.keras", built.save)
if major == 2:
    write(net, "Net", "net_k2.h5", net.save_weights)
    write(built, "build", "lambda_whole_k2.h5", built.save)
