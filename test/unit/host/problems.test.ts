import assert from "node:assert/strict";
import { readScript } from "../../../src/code/index.ts";
import { inputSize, problemsOf } from "../../../src/host/code/problems.ts";
import type { LinkedScript } from "../../../src/host/code/links.ts";
import type { ModelSummary } from "../../../src/shared/contract/model.ts";

const summary = (layers: readonly object[], shape: readonly (number | null)[]): ModelSummary =>
  ({ name: "net.h5", layers, inputs: [{ name: "x", shape }] }) as unknown as ModelSummary;
const nhwc = summary([{ op: "input", mapShape: [null, 224, 224, 3] }], [null, 224, 224, 3]);
const linked = (
  links: readonly object[] = [],
): Pick<Parameters<typeof problemsOf>[0], "linked">["linked"] =>
  ({ summary: nhwc, links: { links } }) as unknown as LinkedScript;
const nothing = (): null => null;

async function messages(code: string, of = linked()): Promise<string[]> {
  const script = await readScript(code);
  return problemsOf({ script, linked: of }, nothing).map(({ message }) => message);
}

describe("problems of training code", () => {
  it("a size that is not the model's, unless pictures are cropped to it afterwards", async () => {
    const resize = "from torchvision import transforms as T\nT.Resize((256, 256))\n";
    assert.deepEqual(await messages(resize), [
      "Pictures are resized to 256 × 256; the input of net.h5 is 224 × 224.",
    ]);
    assert.deepEqual(await messages(`${resize}T.CenterCrop(224)\n`), []);
    assert.deepEqual(await messages("from torchvision import transforms as T\nT.Resize(224)"), []);
    const input = "import keras\nkeras.Input((32, 32, 3))\n";
    assert.deepEqual(await messages(input), [
      "The network is built for pictures of 32 × 32; the input of net.h5 is 224 × 224.",
    ]);
    assert.deepEqual(await messages(resize, null), []);
  });

  it("knows the input's rows and columns in either order of axes", () => {
    assert.deepEqual(inputSize(nhwc), [224, 224]);
    assert.deepEqual(inputSize(summary([], [1, 3, 64, 96])), [64, 96]);
    assert.deepEqual(inputSize(summary([], [1, 64, 96, 3])), [64, 96]);
    assert.equal(inputSize(summary([], [null, null, null, 3])), null);
    assert.equal(inputSize(summary([], [null, 10])), null);
  });

  it("half of a layer's filters dead is told, with the number of pictures; all of them as a warning", async () => {
    const script = await readScript("");
    const links = ["a", "b", "c"].map((layer, i) => ({ layer, script: { line: i + 3 } }));
    const dead = new Map([
      ["a", { dead: 3, filters: 8, images: 20 }],
      ["b", { dead: 4, filters: 8, images: 20 }],
      ["c", { dead: 8, filters: 8, images: 1 }],
    ]);
    const found = problemsOf({ script, linked: linked(links) }, (layer) => dead.get(layer) ?? null);
    assert.deepEqual(
      found.map(({ span, serious, message }) => [span.line, serious, message]),
      [
        [4, false, "4 of 8 filters of 'b' are dead over 20 pictures."],
        [5, true, "All 8 filters of 'c' are dead over 1 picture: nothing passes this layer."],
      ],
    );
  });

  it("a loss that takes logits behind a softmax points at both, and can be mended", async () => {
    const script = await readScript(
      'from keras import layers, losses, Sequential\nm = Sequential([layers.Dense(2, "softmax")])\nm.compile(loss=losses.CategoricalCrossentropy(from_logits=True))',
    );
    const [problem, more] = problemsOf({ script, linked: null }, nothing);
    assert.equal(more, undefined);
    assert.deepEqual(
      [problem?.code, problem?.span.line, problem?.beside?.line, problem?.fix?.text],
      ["softmax-into-logits", 3, 2, "from_logits=False"],
    );
  });
});
