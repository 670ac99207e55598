/** One-pixel attacks on the digits network: exact against evolution, and against SciPy's successes. */
import assert from "node:assert/strict";
import { differentialEvolution } from "../../src/methods/attack/differential-evolution.ts";
import { classGoal, watchedBy } from "../../src/methods/attack/rules.ts";
import { exactAttack } from "../../src/methods/attack/exact.ts";
import { localScorer } from "../../src/methods/attack/local/scorer.ts";
import { withPixels } from "../../src/methods/attack/pixels.ts";
import { candidateScorer } from "../../src/methods/attack/score.ts";
import { screenAttack } from "../../src/methods/attack/screen.ts";
import type { AttackRequest } from "../../src/methods/attack/types.ts";
import type { OpenModel, Runner } from "../../src/session/index.ts";
import { asFloats } from "../../src/base/tensor.ts";
import { feed, onEachEngine, open, runnerOf } from "./support.ts";

const silent = { signal: new AbortController().signal, progress: () => undefined };

describe("one-pixel attacks on the digits network", () => {
  let small: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
  });
  after(() => small.close());

  onEachEngine((engine) => {
    const ask = async (runner: Runner, digit: string): Promise<AttackRequest> => ({
      subject: runner.subject,
      scores: small.scores,
      input: asFloats((await feed(small, `digits/${digit}.png`)).inputs[0] ?? assert.fail()),
      scaling: small.preprocessing,
      goal: classGoal(Number(digit.at(-1))),
      seed: 3,
      batch: 400,
      context: silent,
    });

    for (const digit of ["digit_03_label0", "digit_04_label4"])
      it(`${digit}: the exact minimum is not above evolution's, and both are what the network says`, async () => {
        const runner = runnerOf(small, engine());
        const request = await ask(runner, digit);
        const exact = await exactAttack(request);
        const evolved = await differentialEvolution(request, {
          pixels: 1,
          population: 100,
          generations: 20,
        });
        assert.ok(
          exact.score.logOdds <= evolved.score.logOdds + 1e-3,
          `exact ${exact.score.logOdds}, evolution ${evolved.score.logOdds}`,
        );
        assert.equal(exact.evaluations, 8 * 32 * 32);
        assert.equal(evolved.evaluations, 100 * 21);
        assert.ok(evolved.score.logOdds < evolved.before.logOdds, "evolution found something");
        for (const { image, score } of [exact, evolved]) {
          const classes = await runner.classes({ key: JSON.stringify(score), inputs: [image] });
          const own = classes[watchedBy(request.goal)]?.probability ?? NaN;
          assert.ok(
            Math.abs(own - score.probability) <= 1e-5,
            `${own} is not ${score.probability}`,
          );
        }
        const map = exact.map ?? assert.fail("no map");
        assert.equal(map.data.length, 32 * 32);
        const lowest = Math.min(...map.data);
        assert.ok(Math.abs(lowest - exact.score.probability) <= 1e-6);
      });

    it("following a pixel gives what whole passes give, and is taken on this network", async () => {
      const { subject } = runnerOf(small, engine());
      const { input, scaling } = await ask(runnerOf(small, engine()), "digit_03_label0");
      const local = await localScorer(subject, small.scores, 0, input, scaling);
      assert.ok(local && local.gain > 2, `estimated gain ${local?.gain}`);
      const pixels = Array.from({ length: 256 }, (_, i) => ({
        ...{ x: (i * 7) % 32, y: Math.floor(i / 8) },
        rgb: [(i * 37) % 256, 255, i % 2 ? 0 : 255] as const,
      }));
      const whole = await candidateScorer(subject, small.scores, 0);
      const wanted = await whole(
        withPixels(
          input,
          pixels.map((pixel) => [pixel]),
          scaling,
        ),
      );
      const found = await local.score(pixels);
      found.forEach((own, i) => {
        const other = wanted[i]?.logOdds ?? NaN;
        assert.ok(Math.abs(own.logOdds - other) <= 1e-4, `${own.logOdds} is not ${other}`);
      });
    });

    it("a screen of every pixel is the exact attack; of some, it says which were tried", async () => {
      const request = await ask(runnerOf(small, engine()), "digit_04_label4");
      const [exact, all, some] = [
        await exactAttack(request),
        await screenAttack(request, 32 * 32),
        await screenAttack(request, 64),
      ];
      assert.ok(Math.abs(exact.score.logOdds - all.score.logOdds) <= 1e-3);
      assert.deepEqual([all.tried, some.tried, some.evaluations], [1024, 64, 512]);
      assert.ok(some.score.logOdds >= all.score.logOdds - 1e-3);
      assert.ok(some.score.logOdds < some.before.logOdds, "the gradient leads somewhere");
      const untouched = some.map?.data.filter((p) => p === Math.fround(some.before.probability));
      assert.ok((untouched?.length ?? 0) >= 1024 - 64);
    });

    it("changes one pixel only, in 8 bits", async () => {
      const runner = runnerOf(small, engine());
      const request = await ask(runner, "digit_04_label4");
      const result = await differentialEvolution(request, {
        pixels: 1,
        population: 40,
        generations: 3,
      });
      const [pixel] = result.pixels;
      assert.ok(pixel);
      for (let i = 0; i < request.input.data.length; i++) {
        const at = Math.floor(i / 3);
        const same = result.image.data[i] === request.input.data[i];
        const own = at === pixel.y * 32 + pixel.x;
        assert.ok(same || own, `element ${i} changed`);
        if (own)
          assert.ok(Math.abs((result.image.data[i] ?? 0) * 255 - (pixel.rgb[i % 3] ?? 0)) < 1e-3);
      }
    });

    it("the same seed repeats, another does not; a wrong true class is refused", async () => {
      const runner = runnerOf(small, engine());
      const request = await ask(runner, "digit_04_label4");
      const options = { pixels: 3, population: 30, generations: 2 };
      const [a, b] = [
        await differentialEvolution(request, options),
        await differentialEvolution(request, options),
      ];
      assert.deepEqual(a.pixels, b.pixels);
      assert.equal(a.pixels.length, 3);
      const c = await differentialEvolution({ ...request, seed: 4 }, options);
      assert.notDeepEqual(a.pixels, c.pixels);
      await assert.rejects(
        differentialEvolution({ ...request, goal: classGoal(7) }),
        /classified as 4, not as 7/,
      );
    });

    it("a cancel ends it between two batches", async () => {
      const runner = runnerOf(small, engine());
      const request = await ask(runner, "digit_04_label4");
      const controller = new AbortController();
      let generations = 0;
      const running = differentialEvolution({
        ...request,
        context: { signal: controller.signal, progress: () => undefined },
        onBest: () => {
          if (++generations === 2) controller.abort();
        },
      });
      await assert.rejects(running, { kind: "cancelled" });
      assert.equal(generations, 2);
    });
  });
});
