/** Maximised filters and classes against plain loops in PyTorch, and lucent's activations. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { plain } from "../../src/methods/maximize/plain/index.ts";
import { robust } from "../../src/methods/maximize/robust/index.ts";
import type { MaximizeRequest } from "../../src/methods/maximize/types.ts";
import type { InputRange } from "../../src/methods/types.ts";
import type { Objective } from "../../src/methods/maximize/objective.ts";
import { pictureInput, pictureSize, type OpenModel, type Runner } from "../../src/session/index.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import {
  assertClose,
  data,
  expected,
  onEachEngine,
  open,
  relativeError,
  runnerOf,
} from "./support.ts";

const silent = { signal: new AbortController().signal, progress: () => undefined };
const rangeOf = (opened: OpenModel): InputRange => {
  const { mean, std, scale } = opened.preprocessing;
  const at = (pixel: number): number[] =>
    [0, 1, 2].map(
      (k) => (pixel * scale - (mean[k % mean.length] ?? 0)) / (std[k % std.length] ?? 1),
    );
  return { min: at(0), max: at(255) };
};
const channel = (opened: OpenModel, layer: string, filter: number): Objective => [
  {
    weight: 1,
    term: { kind: "channel", node: opened.layer(layer).output ?? assert.fail(), filter },
  },
];
const ask = (
  opened: OpenModel,
  runner: Runner,
  objectives: Objective[],
  steps: number,
): MaximizeRequest => ({
  subject: runner.subject,
  scores: opened.scores,
  objectives,
  size: pictureSize(pictureInput(opened.graph)),
  range: rangeOf(opened),
  steps,
  seed: 7,
  context: silent,
});
const batchOf = ({ data: values, shape }: FloatTensor): FloatTensor =>
  floats([1, ...shape], values);
const trajectory = async (key: string): Promise<Float32Array> => {
  const all = JSON.parse(await readFile(data("am/torch.json"), "utf8")) as Record<string, number[]>;
  return Float32Array.from(all[key] ?? assert.fail(`no ${key}`));
};

describe("maximising against the peers", () => {
  let small: OpenModel;
  let lite0: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
    lite0 = await open("lite0_k3.keras", "lite");
  });
  after(() => {
    small.close();
    lite0.close();
  });

  onEachEngine((engine, name) => {
    // on native only: it is the same graph, whose gradients are compared above
    const onNative = name === "native" ? it : it.skip;
    for (const [layer, filter] of [
      ["conv1", 0],
      ["conv2", 0],
      ["conv2", 1],
      ["conv3", 1],
      ["conv3", 2],
    ] as const)
      it(`plain, 30 steps, small ${layer}:${filter}: the same trajectory and picture`, async () => {
        const start = batchOf(await expected("am/noise_small.npy"));
        const request = ask(small, runnerOf(small, engine()), [channel(small, layer, filter)], 30);
        const { images, history } = await plain(request, { rate: 1, start, clip: false });
        const values = Float32Array.from(history, ([value]) => value ?? NaN);
        const wanted = await trajectory(`plain30/small/${layer}/${filter}`);
        if (wanted.every((value) => value === 0)) assert.ok(values.every((value) => value === 0));
        else assert.ok(relativeError(values, wanted) <= 1e-4, `trajectory of ${layer}:${filter}`);
        const peer = await expected(`am/plain30_small_${layer}_${filter}_torch.npy`);
        assertClose(floats(peer.shape, images.data), peer, "picture");
      });

    it("plain, 30 steps, lite0 stem: tight; deep layers: the activation within 1 %", async () => {
      const runner = runnerOf(lite0, engine());
      const noise = batchOf(await expected("am/noise_lite0.npy"));
      for (const [layer, filter] of [
        ["stem_activation", 5],
        ["block2b_expand_activation", 10],
        ["block4a_expand_activation", 0],
        ["block5a_project_bn", 7],
      ] as const) {
        const request = ask(lite0, runner, [channel(lite0, layer, filter)], 30);
        const { images, history } = await plain(request, { rate: 1, start: noise, clip: false });
        const wanted = await trajectory(`plain30/lite0/${layer}/${filter}`);
        const [last, peer] = [history.at(-1)?.[0] ?? NaN, wanted.at(-1) ?? NaN];
        assert.ok(
          Math.abs(last - peer) <= 0.01 * Math.abs(peer),
          `${layer}: ${last} against ${peer}`,
        );
        if (layer !== "stem_activation") continue;
        assert.ok(
          relativeError(
            Float32Array.from(history, ([v]) => v ?? NaN),
            wanted,
          ) <= 1e-4,
        );
        const picture = await expected("am/plain30_lite0_stem_activation_5_torch.npy");
        assertClose(floats(picture.shape, images.data), picture, "stem picture");
      }
    });

    it("a batch of filters = one at a time", async () => {
      const runner = runnerOf(small, engine());
      const filters = [0, 4, 7];
      const together = await plain(
        ask(
          small,
          runner,
          filters.map((f) => channel(small, "conv3", f)),
          8,
        ),
      );
      for (const [row, filter] of filters.entries()) {
        const alone = await plain(ask(small, runner, [channel(small, "conv3", filter)], 8));
        const own = together.images.data.slice(row * 3072, (row + 1) * 3072);
        assert.ok(relativeError(own, alone.images.data) <= 1e-4, `filter ${filter}`);
      }
    });

    it("classes: the logit rises until the clipped picture is certain", async () => {
      const runner = runnerOf(small, engine());
      const certain: Objective = [{ weight: 1, term: { kind: "class", index: 3 } }];
      const { images } = await plain(ask(small, runner, [certain], 100), { rate: 1 });
      const [probability] = await classProbability(runner, images, 3);
      assert.ok((probability ?? 0) > 0.9999, `p = ${probability}`);
    });

    onNative(
      "classes of lite0: p > 0.999 within 100 steps on the clipped 8-bit picture",
      async () => {
        const on = runnerOf(lite0, engine());
        for (const index of [285, 967]) {
          const objective: Objective = [{ weight: 1, term: { kind: "class", index } }];
          const result = await plain(ask(lite0, on, [objective], 100), { rate: 1 });
          const [p] = await classProbability(on, result.images, index);
          assert.ok((p ?? 0) > 0.999, `class ${index}: p = ${p}`);
        }
      },
    );

    onNative("robust, 30 steps: at least lucent's activation", async () => {
      const runner = runnerOf(lite0, engine());
      const all = JSON.parse(await readFile(data("am/torch.json"), "utf8")) as Record<
        string,
        { activation_mean: number }
      >;
      for (const [layer, filter] of [
        ["stem_activation", 5],
        ["block2b_expand_activation", 10],
        ["block4a_expand_activation", 0],
        ["block5a_project_bn", 7],
      ] as const) {
        const { history } = await robust(ask(lite0, runner, [channel(lite0, layer, filter)], 30));
        const peer = all[`lucent30/lite0/${layer}/${filter}`]?.activation_mean ?? NaN;
        assert.ok(
          (history.at(-1)?.[0] ?? NaN) >= peer,
          `${layer}: ${history.at(-1)?.[0]} against ${peer}`,
        );
      }
    });

    it("the same seed gives the same picture", async () => {
      const runner = runnerOf(small, engine());
      const request = ask(small, runner, [channel(small, "conv2", 3)], 6);
      const [a, b] = [await robust(request), await robust(request)];
      assert.deepEqual(a.images.data, b.images.data);
      const other = await robust({ ...request, seed: 8 });
      assert.notDeepEqual(a.images.data, other.images.data);
    });
  });
});

async function classProbability(
  runner: Runner,
  images: FloatTensor,
  index: number,
): Promise<number[]> {
  const quantised = eightBit(images, rangeOf(runner.model));
  const classes = await runner.classes({ key: `maximised ${Math.random()}`, inputs: [quantised] });
  return [classes[index]?.probability ?? NaN];
}
/** What is left after the picture was saved with 8 bits. */
function eightBit(images: FloatTensor, { min, max }: InputRange): FloatTensor {
  const values = images.data.map((value, i) => {
    const [low, high] = [min[i % 3] ?? 0, max[i % 3] ?? 1];
    return low + (Math.round(((value - low) / (high - low)) * 255) / 255) * (high - low);
  });
  return { ...images, data: values };
}
