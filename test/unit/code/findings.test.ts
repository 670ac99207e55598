import assert from "node:assert/strict";
import { readScript } from "../../../src/code/index.ts";

async function found(code: string): Promise<string[]> {
  const { findings } = await readScript(code);
  return findings.map(
    ({ code: what, span, output, fix }) =>
      `${span.line}:${span.column}-${span.endColumn} ${what} (ends in ${output})${fix === null ? "" : ` -> ${fix}`}`,
  );
}
const keras = (head: string, loss: string): string => `
import keras
from keras import layers, losses
model = keras.Sequential([layers.Input((8, 8, 3)), layers.Flatten(), ${head}])
model.compile("adam", loss=${loss})
`;

describe("training code: softmax and the loss", () => {
  it("a softmax before a loss that takes logits, with the change that mends it", async () => {
    const loss = "losses.SparseCategoricalCrossentropy(from_logits=True)";
    assert.deepEqual(await found(keras('layers.Dense(10, activation="softmax")', loss)), [
      "5:64-80 softmax-into-logits (ends in 4) -> from_logits=False",
    ]);
    assert.deepEqual(await found(keras("layers.Dense(10), layers.Softmax()", loss)), [
      "5:64-80 softmax-into-logits (ends in 4) -> from_logits=False",
    ]);
  });

  it("logits before a loss that takes probabilities", async () => {
    assert.deepEqual(await found(keras("layers.Dense(10)", '"categorical_crossentropy"')), [
      "5:22-53 logits-into-probabilities (ends in 4)",
    ]);
    const loss = "losses.CategoricalCrossentropy(from_logits=False)";
    assert.deepEqual(await found(keras("layers.Dense(10)", loss)), [
      "5:58-75 logits-into-probabilities (ends in 4) -> from_logits=True",
    ]);
  });

  it("says nothing where both fit, or where the code does not tell", async () => {
    for (const [head, loss] of [
      ['layers.Dense(10, "softmax")', '"sparse_categorical_crossentropy"'],
      ["layers.Dense(10)", "losses.SparseCategoricalCrossentropy(from_logits=True)"],
      [
        "layers.Dense(10, activation=act)",
        "losses.SparseCategoricalCrossentropy(from_logits=True)",
      ],
      ['layers.Dense(10, "softmax")', "losses.CategoricalCrossentropy(from_logits=flag())"],
      ['layers.Dense(1, "sigmoid")', '"binary_crossentropy"'],
      ["layers.Dense(10), layers.Dropout(0.5)", '"categorical_crossentropy"'],
    ] as const)
      assert.deepEqual(await found(keras(head, loss)), [], `${head} ${loss}`);
  });

  it("functional models end in the layer that gives their output", async () => {
    const code = `
import tensorflow as tf
i = tf.keras.Input((8, 8, 3))
x = tf.keras.layers.Conv2D(4, 3)(i)
x = tf.keras.layers.Flatten()(x)
o = tf.keras.layers.Activation(tf.nn.softmax)(tf.keras.layers.Dense(3)(x))
m = tf.keras.Model(i, o)
m.compile(loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True))
`;
    assert.deepEqual(await found(code), [
      "8:55-71 softmax-into-logits (ends in 6) -> from_logits=False",
    ]);
  });

  it("PyTorch: cross entropy takes logits, whatever forward ends with", async () => {
    const code = (end: string, tail = ""): string => `
import torch, torch.nn as nn, torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 10)
        self.soft = nn.Softmax(dim=1)
        self.head = nn.Sequential(nn.Linear(8, 10)${tail})
    def forward(self, x):
        x = self.conv(x).mean((2, 3))
        ${end}
net = Net()
loss = nn.CrossEntropyLoss()
`;
    const wrong = (line: number): string[] => [`14:7-28 softmax-into-logits (ends in ${line})`];
    assert.deepEqual(await found(code("return F.softmax(self.fc(x), dim=1)")), wrong(12));
    assert.deepEqual(await found(code("return self.soft(self.fc(x))")), wrong(8));
    assert.deepEqual(await found(code("return self.head(x)", ", nn.Softmax(1)")), wrong(9));
    assert.deepEqual(await found(code("return self.head(x)")), []);
    assert.deepEqual(await found(code("return F.log_softmax(self.fc(x), dim=1)")), []);
  });
});

describe("training code: sizes of pictures", () => {
  it("of inputs, resizing and cropping, where the code names them", async () => {
    const { sizes } = await readScript(`
import tensorflow as tf
from torchvision import transforms as T
SIDE = 64
a = tf.keras.Input(shape=(32, 48, 3))
b = tf.image.resize(picture, (SIDE, SIDE))
c = T.Compose([T.Resize(256), T.CenterCrop((224, 224))])
d = tf.keras.utils.image_dataset_from_directory("d", image_size=(96, 128))
e = tf.keras.layers.Conv2D(4, 3, input_shape=(28, 28, 1))
f = generator.flow_from_directory("x", target_size=(10, 20))
g = tf.image.resize(picture, size())
h = tf.keras.layers.Resizing(12, 13)
i = tf.keras.Input((100,))
`);
    assert.deepEqual(
      sizes.map(
        ({ kind, span, height, width }) =>
          `${span.line}:${span.column} ${kind} ${height} x ${width}`,
      ),
      [
        "5:25 input 32 x 48",
        "6:4 resize 64 x 64",
        "7:24 resize 256 x 256",
        "7:43 crop 224 x 224",
        "8:64 resize 96 x 128",
        "9:45 input 28 x 28",
        "10:51 resize 10 x 20",
        "12:4 resize 12 x 13",
      ],
    );
  });
});
