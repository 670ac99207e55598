/** The census of the digits network over its 300 test pictures against the filters that were made to die. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import {
  census,
  influence,
  nearDuplicates,
  type CensusBatch,
  type CensusState,
} from "../../src/methods/census/index.ts";
import { decodeNpy } from "../../src/pictures/index.ts";
import type { OpenModel } from "../../src/session/index.ts";
import { asFloats, floats, type TensorData } from "../../src/base/tensor.ts";
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

    it("goes on where it was stopped, to the same numbers", async () => {
      const control = { signal: new AbortController().signal, progress: () => undefined };
      const { subject } = runnerOf(small, engine());
      const whole = await census(subject, pictures(50), control);
      const states: string[] = [];
      await census(subject, pictures(50), control, (_, state) => {
        states.push(JSON.stringify(state()));
      });
      async function* rest(): AsyncGenerator<CensusBatch> {
        let first = 0;
        for await (const batch of pictures(50)) if (first++ >= 2) yield batch;
      }
      const from = JSON.parse(states[1] ?? assert.fail()) as CensusState;
      assert.equal(from.images, 100);
      assert.deepEqual(await census(subject, rest(), control, undefined, from), whole);
    });

    it("influence is the mean change of the logits by the map", async () => {
      const control = { signal: new AbortController().signal };
      const { subject } = runnerOf(small, engine());
      const node = small.layer("conv3").output ?? assert.fail();
      async function* some(): AsyncGenerator<CensusBatch["inputs"]> {
        for await (const { inputs } of pictures(60)) yield inputs;
      }
      const dead = await influence(subject, small.scores, node, 0, some(), control);
      assert.deepEqual(
        [dead.images, [...dead.effects].every((effect) => effect === 0)],
        [300, true],
      );
      const { images, effects } = await influence(subject, small.scores, node, 1, some(), control);
      assert.equal(images, 300);
      // the same by hand on one picture
      const [inputs] = [(await pictures(1).next()).value as CensusBatch].map((own) => own.inputs);
      const one = await influence(
        subject,
        small.scores,
        node,
        1,
        (async function* () {
          yield await Promise.resolve(inputs ?? assert.fail());
        })(),
        control,
      );
      const run = async (
        feeds: string[],
        values: TensorData[],
        of: string,
      ): Promise<Float32Array> => {
        const program = await subject.engine.compile(small.scores.graph, feeds, [of]);
        const [value] = await program.run(values);
        return asFloats(value ?? assert.fail()).data;
      };
      const input = small.graph.inputs[0]?.node ?? assert.fail();
      const [fed] = inputs ?? assert.fail();
      const maps = await run([input], [fed ?? assert.fail()], node);
      const logits = await run([input], [fed ?? assert.fail()], small.scores.logits);
      const ablated = maps.map((value, i) => (i % 64 === 1 ? 0 : value));
      const others = await run([node], [floats([1, 8, 8, 64], ablated)], small.scores.logits);
      one.effects.forEach((effect, k) => {
        const wanted = (logits[k] ?? NaN) - (others[k] ?? NaN);
        assert.ok(Math.abs(effect - wanted) < 1e-4, `${effect} is not ${wanted}`);
      });
      assert.ok([...effects].some((effect) => effect !== 0));
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
