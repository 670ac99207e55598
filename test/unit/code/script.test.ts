import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readScript } from "../../../src/code/index.ts";
import type { ScriptLayer } from "../../../src/shared/contract/code.ts";

const brief = (layer: ScriptLayer): string =>
  `${layer.line} ${layer.className}${layer.filters === null ? "" : ` ${layer.filters}`}${layer.name === null ? "" : ` ${layer.name}`}${layer.sure ? "" : " ?"}`;

async function layersOf(code: string): Promise<string[]> {
  const { models } = await readScript(code);
  return models.flatMap(({ layers }) => layers.map(brief));
}

describe("training code: Keras", () => {
  it("Sequential: a list, and add", async () => {
    const layers = await layersOf(`
from tensorflow import keras
from tensorflow.keras import layers
model = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(16, 3, activation="relu", name="conv1"),
    layers.MaxPooling2D(),
])
model.add(layers.Flatten())
model.add(layers.Dense(units=10))
`);
    assert.deepEqual(layers, ["6 Conv2D 16 conv1", "7 MaxPooling2D", "9 Flatten", "10 Dense 10"]);
  });

  it("functional: helpers, loops, names from f-strings, several layers on one line", async () => {
    const { models } = await readScript(`
import keras
from keras import layers as L

def block(x, filters, stage, *, kernel=(3, 3)):
    x = L.Conv2D(filters, kernel, padding="same", name=f"conv{stage}_{filters:03d}")(x)
    x = L.BatchNormalization()(x)
    return L.ReLU()(x)

inputs = keras.Input(shape=(64, 64, 3))
x = inputs
for stage, filters in enumerate([32, 64, 128], start=1):
    x = block(x, filters, stage)
    if stage < 3:
        x = L.MaxPooling2D(2)(x)
x = L.GlobalAveragePooling2D()(x)
outputs = L.Dense(10)(x)
net = keras.Model(inputs, outputs)
`);
    assert.equal(models.length, 1);
    const [model] = models;
    assert.ok(model);
    assert.deepEqual([model.name, model.library], ["net", "keras"]);
    assert.deepEqual(model.layers.filter(({ className }) => className === "Conv2D").map(brief), [
      "6 Conv2D 32 conv1_032",
      "6 Conv2D 64 conv2_064",
      "6 Conv2D 128 conv3_128",
    ]);
    assert.deepEqual(model.layers[0]?.callers, [13]);
    assert.deepEqual(model.layers[0].kernel, [3, 3]);
    assert.equal(model.layers.length, 3 * 3 + 2 + 2);
  });

  it("branches join, and a model that is a part of another is not listed apart", async () => {
    const { models } = await readScript(`
import tensorflow as tf
def tower(width):
    i = tf.keras.Input((8, 8, 3))
    a = tf.keras.layers.Conv2D(width, 1)(i)
    b = tf.keras.layers.Conv2D(width, 3, padding="same")(i)
    return tf.keras.Model(i, tf.keras.layers.Concatenate()([a, b]))
model = tf.keras.Sequential([tower(4), tf.keras.layers.Flatten()])
`);
    assert.deepEqual(
      models.map(({ layers }) => layers.map(brief)),
      [["5 Conv2D 4", "6 Conv2D 4", "7 Concatenate", "8 Flatten"]],
    );
  });

  it("subclasses, partial, and layers kept in a list", async () => {
    const layers = await layersOf(`
from functools import partial
from keras import Model, layers
Conv = partial(layers.Conv2D, kernel_size=3, padding="same")
class Net(Model):
    def __init__(self, widths=(8, 16)):
        super().__init__()
        self.stem = Conv(4, strides=2)
        self.blocks = [Conv(w) for w in widths]
        self.head = layers.Dense(10, name="scores")
    def call(self, x):
        return self.head(x)
net = Net()
`);
    assert.deepEqual(layers, [
      "8 Conv2D 4 stem",
      "9 Conv2D 8 blocks.0",
      "9 Conv2D 16 blocks.1",
      "10 Dense 10 scores",
    ]);
  });

  it("what only a run knows is unsure, and does not stop what follows", async () => {
    const layers = await layersOf(`
import sys
from keras import layers, Sequential
deep = len(sys.argv) > 1
m = Sequential()
if deep:
    m.add(layers.Conv2D(64, 3))
m.add(layers.Dense(int(sys.argv[1])))
while training(): break
`);
    assert.deepEqual(layers, ["7 Conv2D 64 ?", "8 Dense"]);
  });
});

describe("training code: PyTorch", () => {
  it("modules: paths as in a state dict", async () => {
    const { models } = await readScript(`
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super(Block, self).__init__()
        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, bias=False)
        self.bn = nn.BatchNorm2d(cout)
        self.act = nn.ReLU(inplace=True)
    def forward(self, x):
        return self.act(self.bn(self.conv(x)))

class Net(nn.Module):
    def __init__(self, classes: int = 10):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 7, 2), nn.ReLU())
        self.layer1 = self._stage(16, 32, 2)
        self.fc = nn.Linear(in_features=32, out_features=classes)
    def _stage(self, cin, cout, n):
        parts = []
        for i in range(n):
            parts.append(Block(cin if i == 0 else cout, cout))
        return nn.Sequential(*parts)

if __name__ == "__main__":
    net = Net(classes=5).to("cuda")
    torch.save(net.state_dict(), f"runs/{net.name}/best.pt")
`);
    assert.deepEqual(
      models.map(({ name }) => name),
      ["Net"],
    );
    assert.deepEqual(models[0]?.layers.map(brief), [
      "17 Conv2d 16 stem.0",
      "17 ReLU stem.1",
      "8 Conv2d 32 layer1.0.conv",
      "9 BatchNorm2d 32 layer1.0.bn",
      "10 ReLU layer1.0.act",
      "8 Conv2d 32 layer1.1.conv",
      "9 BatchNorm2d 32 layer1.1.bn",
      "10 ReLU layer1.1.act",
      "19 Linear 5 fc",
    ]);
  });

  it("a module file that makes no object: the outermost class, with its defaults", async () => {
    const { models } = await readScript(`
import torch.nn as nn
class A(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c = nn.Conv2d(n, n * 2, 3)
class B(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.a = A(n)
        self.add_module("tail", nn.ModuleDict({"x": nn.Linear(2, 3)}))
`);
    assert.deepEqual(
      models.map(({ name }) => name),
      ["B"],
    );
    assert.deepEqual(models[0]?.layers.map(brief), ["6 Conv2d 8 a.c", "11 Linear 3 tail.x"]);
  });
});

describe("training code: where models are written", () => {
  it("literal paths, joined paths, and patterns of checkpoints", async () => {
    const { saves } = await readScript(`
import os, torch, keras
from pathlib import Path
from keras.callbacks import ModelCheckpoint
OUT = Path("runs") / "digits"
model.save(os.path.join("out", "final.keras"))
cb = ModelCheckpoint(filepath="epochs/epoch_{epoch:02d}.keras", save_best_only=True)
torch.save(model.state_dict(), OUT / "net.pt")
torch.onnx.export(model, x, "net.onnx")
for epoch in range(10000):
    torch.save(model, f"ckpt/{epoch}.pt")
model.save_weights(where)
`);
    assert.deepEqual(
      saves.map(({ pattern, line }) => `${line} ${pattern}`),
      [
        "6 out/final.keras",
        "7 epochs/epoch_*.keras",
        "8 runs/digits/net.pt",
        "9 net.onnx",
        "11 ckpt/*.pt",
      ],
    );
  });
});

describe("training code: the sample", () => {
  it("its checkpoints and its model", async () => {
    const { saves } = await readScript(readFileSync("samples/digits/train_digits.py", "utf8"));
    assert.deepEqual(
      saves.map(({ pattern }) => pattern),
      ["./checkpoints/epoch_00.h5", "./checkpoints/epoch_*.h5", "./digits.h5"],
    );
  });
});

describe("training code: hostile and broken scripts", () => {
  it("a script that does not parse says where, and what stands around it is read", async () => {
    const script = await readScript(`
from keras import layers
a = layers.Conv2D(8, 3)
def broken(:
    pass
b = layers.Conv2D(16, 3)
`);
    assert.equal(script.brokenAt, 4);
    assert.ok(script.models[0]?.layers.some(({ filters }) => filters === 8));
  });

  it("endless recursion and loops come to an end", async () => {
    const { complete, models } = await readScript(`
from keras import layers
def f(n):
    layers.Conv2D(n, 3)
    return f(n + 1) + f(n + 2)
f(1)
xs = [1]
for x in xs: xs.append(x)
while True: xs.append(layers.Dense(2))
`);
    assert.equal(complete, false);
    assert.ok(models[0]);
  });

  it("nothing runs: a script that would remove files reads as text", async () => {
    const script = await readScript(`__import__("os").system("touch /tmp/convlens-was-here")`);
    assert.deepEqual(script.models, []);
  });
});
