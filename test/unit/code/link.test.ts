import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readScript } from "../../../src/code/index.ts";
import { linkScript } from "../../../src/code/link.ts";
import { OpenModel } from "../../../src/session/open/model.ts";
import type { CodeLinks } from "../../../src/shared/contract/code.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";

async function layersOf(file: string): Promise<readonly LayerSummary[]> {
  const model = await OpenModel.open(file);
  model.close();
  return model.summary.layers;
}
const brief = ({ links }: CodeLinks): string[] =>
  links.map(
    ({ layer, script, reason, doubt }) =>
      `${script.line} ${layer} ${reason}${doubt === null ? "" : `: ${doubt}`}`,
  );

describe("training code and model", () => {
  let digits: readonly LayerSummary[];
  before(async () => {
    digits = await layersOf("test/models/small_k2.h5");
  });

  it("the sample's script names its layers", async () => {
    const code = readFileSync("samples/digits/train_digits.py", "utf8");
    const links = linkScript(await readScript(code), digits, "train_digits.py");
    const lines = code.split("\n");
    for (const { layer, script, reason, doubt } of links.links) {
      if (layer === "image") continue;
      assert.equal(doubt, null);
      assert.equal(reason, "name");
      assert.match(lines[script.line - 1] ?? "", new RegExp(`name="${layer}"`));
    }
    assert.ok(links.links.length >= 5);
    assert.deepEqual(links.missing, []);
  });

  it("without names: by order, and only where kind and size agree", async () => {
    const script = await readScript(`
from keras import layers, Sequential
m = Sequential([
  layers.Conv2D(16, 3, activation="relu"),
  layers.MaxPooling2D(),
  layers.Conv2D(32, 3),
  layers.Conv2D(99, 3),
  layers.Conv2D(64, 3),
  layers.Flatten(),
  layers.Dense(64), layers.Dense(10)])
`);
    const links = linkScript(script, digits, "train.py");
    assert.deepEqual(brief(links), [
      "4 conv1 order",
      "5 pool1 guess",
      "6 conv2 order",
      "8 conv3 order",
      "9 flatten guess",
      "10 dense1 order",
      "10 predictions order",
    ]);
    assert.deepEqual(
      links.missing.map(({ filters }) => filters),
      [99],
    );
  });

  it("a name that is there with another size is doubtful", async () => {
    const script = await readScript(`
from keras import layers
layers.Conv2D(16, 3, name="conv1")
layers.Conv2D(48, 3, name="conv2")
`);
    assert.deepEqual(brief(linkScript(script, digits, "a.py")), [
      "3 conv1 name",
      "4 conv2 name: the code says 48, the file has 32",
    ]);
  });

  it("of several models in a script, the one that fits", async () => {
    const script = await readScript(`
from keras import layers, Sequential
other = Sequential([layers.Conv2D(8, 3), layers.Dense(2)])
mine = Sequential([layers.Conv2D(16, 3), layers.Conv2D(32, 3), layers.Dense(10)])
`);
    assert.equal(linkScript(script, digits, "a.py").model, "mine");
  });

  it("a script of another network is not linked", async () => {
    const script = await readScript(`
from keras import layers, Sequential
m = Sequential([layers.Conv2D(7, 5), layers.MaxPooling2D(), layers.Dense(3)])
`);
    const links = linkScript(script, digits, "a.py");
    assert.deepEqual([links.model, links.links], [null, []]);
  });

  it("lines that the exporter recorded come before names and order", async () => {
    const script = await readScript(`
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 16, 3)
        self.b = nn.Conv2d(3, 16, 3)
`);
    const layers = digits.slice(1, 2).flatMap((layer) => [
      { ...layer, name: "conv2d_1", source: { file: "/home/someone/net.py", line: 7 } },
      { ...layer, name: "conv2d", source: { file: "/home/someone/net.py", line: 6 } },
    ]);
    const links = linkScript(script, layers, "net.py");
    assert.deepEqual(
      links.links.map(({ layer, script: { line }, reason }) => [line, layer, reason]),
      [
        [6, "conv2d", "source"],
        [7, "conv2d_1", "source"],
      ],
    );
  });
});
