/** Deletion and insertion against a plain definition in PyTorch. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { deletionInsertion } from "../../src/methods/trust/index.ts";
import { type Ranks, unknowingOrders } from "../../src/methods/trust/orders.ts";
import type { TrustBadge } from "../../src/shared/contract/badge.ts";
import { blackInput, pictureInput, pictureSize, type OpenModel } from "../../src/session/index.ts";
import { inputRange } from "../../src/session/run/ranges.ts";
import { asFloats } from "../../src/base/tensor.ts";
import { data, expected, feed, onEachEngine, open, runnerOf } from "./support.ts";

interface Curves {
  deletion_auc: number;
  insertion_auc: number;
  deletion: number[];
  insertion: number[];
}

describe("deletion and insertion on the digits network", () => {
  let small: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
  });
  after(() => small.close());

  onEachEngine((engine) => {
    for (const digit of ["digit_00_label6", "digit_01_label5", "digit_04_label4"])
      it(digit, async () => {
        const runner = runnerOf(small, engine());
        const classIndex = Number(digit.at(-1));
        const all = JSON.parse(
          await readFile(data("small/score_ablation_delins_rise.json"), "utf8"),
        ) as Record<string, { delins: { black: Curves } }>;
        const peer = all[digit]?.delins.black ?? assert.fail("no numbers");
        const heat = await expected(`small/${digit}/torch/delins_heat_class${classIndex}.npy`);
        const input = asFloats(
          (await feed(small, `digits/${digit}.png`)).inputs[0] ?? assert.fail(),
        );
        const request = {
          subject: runner.subject,
          scores: small.scores,
          ...{ input, inputs: [input], at: 0, baselineName: "black" as const },
          baseline: blackInput(pictureSize(pictureInput(small.graph)), small.preprocessing),
          range: inputRange(small.preprocessing, 1),
          classIndex,
          camLayer: null,
          steps: null,
          seed: 0,
          batch: 42,
          context: { signal: new AbortController().signal, progress: () => undefined },
        };
        const badge = await deletionInsertion(request, heat.data);
        // probabilities near 0 and 1 differ by float32's rounding of the logits (about 1e-6 of them)
        for (const name of ["deletion", "insertion"] as const)
          peer[name].forEach((wanted, i) => {
            const actual = badge.curves[name][i] ?? NaN;
            assert.ok(
              Math.abs(actual - wanted) <= 1e-4,
              `${name} ${i}: ${actual} is not ${wanted}`,
            );
          });
        assert.ok(Math.abs(badge.deletion - peer.deletion_auc) <= 1e-4);
        assert.ok(Math.abs(badge.insertion - peer.insertion_auc) <= 1e-4);
        await verdictsOf((map) => deletionInsertion(request, map), input.shape);
      });
  });
});

/** An order is no better than itself, and the map turned round is bad. */
async function verdictsOf(
  badgeOf: (heat: Float32Array) => Promise<TrustBadge>,
  [, height = 0, width = 0]: readonly number[],
): Promise<void> {
  const { random, centre } = unknowingOrders(height, width);
  const mapOf = (ranks: Ranks): Float32Array => Float32Array.from(ranks, (rank) => -rank);
  const chance = await badgeOf(mapOf(random));
  assert.match(chance.verdict, /as-random|wrong-way/);
  const blob = await badgeOf(mapOf(centre));
  assert.notEqual(blob.verdict, "found");
  assert.ok(Math.abs(blob.insertion - blob.centre.insertion) < 0.05);
  const edge = await badgeOf(Float32Array.from(centre));
  assert.equal(edge.verdict, "wrong-way", "digits stand in the middle");
  assert.match(edge.meaning, /that is bad/);
}
