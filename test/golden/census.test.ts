/** The census of the digits network over its 300 test pictures against the filters that were made to die. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { census, nearDuplicates, type CensusBatch } from "../../src/methods/census/index.ts";
import { decodeNpy } from "../../src/pictures/index.ts";
import type { OpenModel } from "../../src/session/index.ts";
import { floats } from "../../src/shared/tensor.ts";
import { data, onEachEngine, open, runnerOf } from "./support.ts";

/** Dead on purpose; more died in training (dead over all 1,797 pictures of the data set, of which 300 are here). */
const KILLED: Readonly<Record<string, readonly number[]>> = {
  conv1: [3, 11],
  conv2: [5, 17, 30],
  conv3: [0, 40],
};
const DEAD_OVER_ALL: Readonly<Record<string, readonly number[]>> = {
  conv1: [3, 11],
  conv2: [5, 6, 15, 16, 17, 25, 26, 30, 31],
  conv3: [0, 6, 7, 26, 30, 33, 36, 38, 40, 42, 45, 53, 54, 57, 59],
};

async function* pictures(batch: number): AsyncGenerator<CensusBatch> {
  const zip = unzipSync(await readFile(data("digits_300.npz")));
  const x = decodeNpy(
    zip["x.npy"] ?? zip["images.npy"] ?? assert.fail(Object.keys(zip).join()),
    "x.npy",
  );
  const [count = 0, height = 0, width = 0, channels = 0] = x.shape;
  const size = height * width * channels;
  for (let first = 0; first < count; first += batch) {
    const rows = Math.min(batch, count - first);
    const values = x.data.slice(first * size, (first + rows) * size).map((value) => value / 255);
    yield {
      names: Array.from({ length: rows }, (_, i) => String(first + i)),
      inputs: [floats([rows, height, width, channels], values)],
    };
  }
}

describe("census of the digits network", () => {
  let small: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
  });
  after(() => small.close());

  onEachEngine((engine) => {
    it("finds every filter that is dead over the data set, and says N", async () => {
      const control = { signal: new AbortController().signal, progress: () => undefined };
      const { subject } = runnerOf(small, engine());
      const result = await census(subject, pictures(64), control);
      assert.equal(result.images, 300);
      for (const [name, killed] of Object.entries(KILLED)) {
        const layer = result.layers.find((own) => own.name === name) ?? assert.fail(`no ${name}`);
        const dead = layer.filters.flatMap((filter, k) => (filter.dead ? [k] : []));
        for (const k of [...killed, ...(DEAD_OVER_ALL[name] ?? [])])
          assert.ok(dead.includes(k), `${name}: ${k} is not among the dead ${dead.join()}`);
        for (const [k, filter] of layer.filters.entries()) {
          assert.equal(filter.dead, filter.zeroFraction === 1, `${name}:${k} zero fraction`);
          assert.equal(
            filter.histogram.counts.reduce((a, b) => a + b),
            300,
          );
          assert.equal(filter.top.length, 9);
          assert.equal(filter.top[0]?.value, filter.max);
        }
      }
    });

    it("the size of the batches changes nothing", async () => {
      const control = { signal: new AbortController().signal, progress: () => undefined };
      const { subject } = runnerOf(small, engine());
      const [a, b] = [
        await census(subject, pictures(300), control),
        await census(subject, pictures(37), control),
      ];
      const dead = (result: typeof a): unknown =>
        result.layers.map(({ filters }) => filters.map((f) => f.dead));
      assert.deepEqual(dead(a), dead(b));
    });

    it("a cancelled census keeps what it has", async () => {
      const controller = new AbortController();
      const control = { signal: controller.signal, progress: () => undefined };
      const { subject } = runnerOf(small, engine());
      let kept = 0;
      const running = census(subject, pictures(50), control, ({ images }) => {
        kept = images;
        if (images === 100) controller.abort();
      });
      await assert.rejects(running, { kind: "cancelled" });
      assert.equal(kept, 100);
    });
  });
});

describe("near-duplicate filters", () => {
  it("are found whichever way they point", () => {
    const data = Float32Array.of(1, 2, -1, 0, 0, 0.01, 0, 1);
    // filters as columns: [1, 0], [2, 0.01], [-1, 0], [0, 1]
    const pairs = nearDuplicates({ shape: [1, 2, 1, 4], data });
    assert.deepEqual(pairs.map(({ a, b, cosine }) => [a, b, Math.sign(cosine)]).sort(), [
      [0, 1, 1],
      [0, 2, -1],
      [1, 2, -1],
    ]);
  });
});
