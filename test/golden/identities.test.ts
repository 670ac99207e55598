/** Identities that need no peer. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { gradientMaps } from "../../src/methods/cam/by-gradient.ts";
import { camHead } from "../../src/methods/cam/head.ts";
import { forward } from "../../src/methods/forward.ts";
import type { NodeId } from "../../src/graph/index.ts";
import { asFloats, type FloatTensor } from "../../src/base/tensor.ts";
import { networkGraph } from "../../src/methods/blocks/index.ts";
import { channelFlow, flowOf, type OpenModel, type Runner } from "../../src/session/index.ts";
import { WHOLE } from "../../src/shared/question.ts";
import { camOf, data, feed, onEachEngine, open, runnerOf } from "./support.ts";

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const near = (actual: number, wanted: number, scale: number, what: string): void =>
  assert.ok(
    Math.abs(actual - wanted) <= 1e-4 * scale,
    `${what}: ${actual} is not ${wanted} (scale ${scale})`,
  );

describe("identities", () => {
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

  onEachEngine((engine) => {
    let onSmall: Runner;
    let onLite0: Runner;
    before(() => {
      onSmall = runnerOf(small, engine());
      onLite0 = runnerOf(lite0, engine());
    });

    it("pooled linear head: sum of the signed Grad-CAM + bias = logit (lite0)", async () => {
      const fed = await feed(lite0, "chelsea_224.png");
      const classes = await onLite0.classes(fed);
      const [cam] = await camOf(onLite0, fed, lite0.layer("top_activation"), [285], "grad-cam");
      const head = lite0.graph.layers.findLast(({ className }) => className === "Dense");
      const ref = head?.weights.find(({ name }) => name === "bias")?.ref ?? assert.fail("no bias");
      const bias = asFloats(await lite0.graph.weights.read(ref)).data[285] ?? NaN;
      const logit = classes[285]?.logit ?? NaN;
      near(total(cam?.signed.data ?? []) + bias, logit, Math.abs(logit), "logit");
    });

    it("what flows along wires: as much into a sum as out of it, and all of the logit but the bias into the head", async () => {
      const fed = await feed(lite0, "chelsea_224.png");
      const { score, edges } = await flowOf(onLite0, fed, { classIndex: 285, ...WHOLE });
      const { layers } = lite0.summary;
      const wires = networkGraph(layers).edges.map((edge, i) => ({
        ...edge,
        flow: edges[i] ?? NaN,
      }));
      const sums = layers.flatMap(({ op, className }, place) =>
        op === "merge" && className === "Add" ? [place] : [],
      );
      assert.ok(sums.length > 5);
      for (const place of sums) {
        const into = wires.filter(({ to }) => to === place).map(({ flow }) => flow);
        const out = wires.filter(({ from }) => from === place).map(({ flow }) => flow);
        assert.equal(into.length, 2);
        const scale = total(into.map(Math.abs));
        near(total(into), total(out), scale, `the sum ${layers[place]?.name ?? ""}`);
      }
      const head = lite0.graph.layers.findLast(({ className }) => className === "Dense");
      const ref = head?.weights.find(({ name }) => name === "bias")?.ref ?? assert.fail("no bias");
      const bias = asFloats(await lite0.graph.weights.read(ref)).data[285] ?? NaN;
      const last = wires.findLast(({ to }) => layers[to]?.name === head?.name);
      near((last?.flow ?? NaN) + bias, score.logit, Math.abs(score.logit), "logit");
      const [channels] = await channelFlow(onLite0, fed, { classIndex: 285, ...WHOLE }, [
        lite0.layer("top_activation"),
      ]);
      assert.equal(channels?.length, 1280);
      near(total(channels) + bias, score.logit, Math.abs(score.logit), "by channels");
    });

    it("HiRes-CAM and Grad-CAM differ where the head flattens, and agree where it pools", async () => {
      const fed = await feed(lite0, "chelsea_224.png");
      const layer = lite0.layer("top_activation");
      const [grad] = await camOf(onLite0, fed, layer, [285], "grad-cam");
      const [high] = await camOf(onLite0, fed, layer, [285], "hires-cam");
      const scale = Math.max(...(grad?.raw.data ?? []));
      grad?.signed.data.forEach((value, i) =>
        near(high?.signed.data[i] ?? NaN, value, scale, `cell ${i}`),
      );

      const digit = await feed(small, "digits/digit_02_label5.png");
      const conv3 = small.layer("conv3");
      const [flat] = await camOf(onSmall, digit, conv3, [5], "grad-cam");
      const [cells] = await camOf(onSmall, digit, conv3, [5], "hires-cam");
      const largest = Math.max(...(cells?.signed.data ?? []).map(Math.abs));
      const apart = (flat?.signed.data ?? []).map((value, at) =>
        Math.abs(value - (cells?.signed.data[at] ?? NaN)),
      );
      assert.ok(Math.max(...apart) > 0.01 * largest, "a flattened head tells cells apart");
    });

    it("several classes in one pass = one at a time", async () => {
      const fed = await feed(small, "digits/digit_02_label5.png");
      const layer = small.layer("conv3");
      const together = await camOf(onSmall, fed, layer, [0, 3, 5, 9], "grad-cam");
      for (const cam of together) {
        const [alone] = await camOf(onSmall, fed, layer, [cam.classIndex], "grad-cam");
        const scale = Math.max(1e-6, ...cam.signed.data.map(Math.abs));
        cam.signed.data.forEach((value, i) =>
          near(alone?.signed.data[i] ?? NaN, value, scale, `class ${cam.classIndex}, cell ${i}`),
        );
      }
    });

    it("a backward pass fed with what the forward pass left = one that runs the head again", async () => {
      const { scores, graph } = small;
      const layer = small.layer("conv3");
      const maps = layer.output ?? assert.fail("no output");
      const { residuals } = camHead(onSmall.subject, scores, { maps, layer: layer.name });
      assert.ok(residuals.length >= 2, "pooling and a dense layer with ReLU stand in the head");
      const { inputs } = await feed(small, "digits/digit_02_label5.png");
      const valuesOf = (nodes: readonly NodeId[]): Promise<FloatTensor[]> =>
        forward({ graph, engine: engine() }, inputs, nodes);
      const [value = assert.fail("no maps")] = await valuesOf([maps]);
      const asked = {
        ...{ subject: onSmall.subject, scores, layer: layer.name, maps, value, inputs },
      };
      const request = { ...asked, classes: [5, 3], method: "grad-cam" as const };
      const [again, fed] = [
        await gradientMaps(request),
        await gradientMaps({ ...request, valuesOf }),
      ];
      again.forEach(({ signed }, k) => {
        const scale = Math.max(...signed.data.map(Math.abs));
        signed.data.forEach((wanted, i) =>
          near(fed[k]?.signed.data[i] ?? NaN, wanted, scale, `row ${k}, cell ${i}`),
        );
      });
    });

    it("a cell of a feature map is the dot product of patch and kernel, then bias and ReLU", async () => {
      for (const file of await readdir(data("digits"))) {
        const fed = await feed(small, `digits/${file}`);
        for (const [name, filter, y, x] of [
          ["conv1", 0, 0, 0],
          ["conv1", 7, 13, 20],
          ["conv2", 4, 15, 15],
          ["conv3", 10, 3, 4],
        ] as const) {
          const cell = await onSmall.explain(fed, small.layer(name), { filter, y, x });
          const last = cell.steps.at(-1)?.value ?? NaN;
          const scale = Math.max(Math.abs(cell.dot), Math.abs(cell.bias), 1e-3);
          near(last, cell.networkValue, scale, `${file} ${name}`);
          near(
            cell.weightNorm * cell.patchNorm * cell.cosine,
            cell.dot,
            cell.weightNorm * cell.patchNorm,
            "|w||x|cos",
          );
        }
      }
    });

    it("the same through batch norm and ReLU6 (lite0: padded, strided, depthwise)", async () => {
      const fed = await feed(lite0, "chelsea_224.png");
      const convolutions = lite0.summary.layers.filter(({ op }) => /conv/.test(op)).slice(0, 6);
      assert.equal(convolutions.length, 6);
      for (const { name } of convolutions) {
        const cell = await onLite0.explain(fed, lite0.layer(name), { filter: 3, y: 5, x: 0 });
        const last = cell.steps.at(-1)?.value ?? cell.dot;
        const scale = Math.max(Math.abs(cell.dot), Math.abs(last), 1e-2);
        near(last, cell.networkValue, scale, name);
      }
    });
  });
});
