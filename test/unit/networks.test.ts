import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { table, type Network, type What } from "../../scripts/networks/table.ts";
import { taken, type Run } from "../../scripts/networks/taken.ts";

describe("the README's networks from a file of PyTorch alone", () => {
  const text = (name: string): string =>
    readFileSync(path.join(import.meta.dirname, "..", "..", name), "utf8");
  const { networks } = JSON.parse(text("scripts/networks/measured.json")) as {
    readonly networks: readonly Network[];
  };
  const COMPARED: readonly What[] = ["outputs", "gradient", "gradCam", "integrated"];

  it("are what was measured: node scripts/networks.mjs writes them", () => {
    assert.equal(table(text("README.md"), networks), text("README.md"));
  });
  /** What its code does in one of its steps is not understood; the table says so. */
  const NOT_FOLLOWED = ["scripted.torchvision.swin_t"];

  it("give PyTorch's numbers, and its heat maps", () => {
    const failed = networks.filter(({ ok }) => !ok).map(({ name }) => name);
    assert.deepEqual(failed, NOT_FOLLOWED);
    for (const { kind, name, ok, apart, limits } of networks) {
      if (NOT_FOLLOWED.includes(name)) continue;
      assert.ok(ok && apart.outputs !== null && apart.outputs < 1e-4, `${kind} ${name}`);
      for (const what of COMPARED)
        assert.ok(
          apart[what] === null || apart[what] <= (limits[what] ?? NaN),
          `${kind} ${name}: ${what}`,
        );
    }
  });
  it("are told apart by the suite that they were run in", () => {
    const one = { name: "a", ok: false, seconds: 1, worst: null, error: "no" };
    const run = (suite: string): Run => ({
      results: [
        {
          ...{ suite, engine: { version: "TensorFlow" } },
          cases: [
            {
              ...one,
              errors: {
                "output 0": 1e-6,
                "Grad-CAM": 0,
                "Grad-CAM a.b 1": 2e-7,
                "Grad-CAM a.b 0": 1e-7,
              },
              limits: {
                "output 0": 1e-4,
                "Grad-CAM": 1e-4,
                "Grad-CAM a.b 1": 3e-4,
                "Grad-CAM a.b 0": 1e-4,
              },
              elsewhere: ["Grad-CAM a.b 1", "Grad-CAM a.b 0"],
            },
          ],
        },
      ],
    });
    const suites = {
      library: "library",
      own: "own",
      scripted: "torchscript",
      ultralytics: "ultralytics",
    };
    for (const [suite, kind] of Object.entries(suites)) {
      const rows = taken(run(suite));
      assert.equal(rows.length, 1);
      const row = at(rows, 0);
      assert.deepEqual([row.kind, row.name, row.ok, row.why], [kind, "a", false, "no"]);
      assert.deepEqual(row.apart, {
        outputs: 1e-6,
        gradient: null,
        gradCam: 2e-7,
        integrated: null,
      });
      assert.deepEqual([row.limits.gradCam, row.layer, row.isAutomatic], [3e-4, "a.b", false]);
    }
    assert.throws(() => taken(run("onnx")), /the suite 'onnx' is none of library, own/);
  });
});
