import assert from "node:assert/strict";
import { childEnvironment, MEMORY_IN_LARGE_PAGES } from "../../../src/host/compute/environment.ts";
import { RestartBudget } from "../../../src/host/compute/restarts.ts";
import { doctorReport, engineTooltip } from "../../../src/host/engine/words.ts";
import { classChoices, layerChoices, row } from "../../../src/host/picks/items.ts";
import {
  countText,
  layerContext,
  layerDescription,
  layerTooltip,
} from "../../../src/host/views/layer-item.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { EngineReport } from "../../../src/shared/engines.ts";

const layer: LayerSummary = {
  name: "stem/conv",
  className: "Conv2D",
  op: "conv",
  outputShape: [null, 112, 112, 32],
  mapShape: [null, 112, 112, 32],
  aliases: [],
  source: null,
  note: null,
  params: 864,
  macs: 10_838_016,
  receptiveField: { size: [3, 3], stride: [2, 2], start: [0, 0] },
  inputs: ["input"],
  weights: [],
  hasKernel: true,
  pictures: [],
  spatial: false,
  activated: false,
  rectified: false,
  opaque: null,
  blockedBy: ["lambda"],
};
const report: EngineReport = {
  engines: [
    { name: "native", ready: false, version: null, location: null, reason: "it is not installed." },
    { name: "wasm", ready: true, version: "4.22.0 (SIMD)", location: null, reason: null },
  ],
  auto: "wasm",
  node: "v20.19.0",
  platform: "linux-x64",
};

describe("what is said of a layer", () => {
  it("short in lists, in full in the tooltip", () => {
    assert.equal(layerDescription(layer), "112 × 112 × 32 · 864 parameters");
    assert.match(layerTooltip(layer), /10\.8 M multiply-adds[^]*Sees 3 × 3 pixels, stride 2 × 2/);
    assert.match(
      layerTooltip({ ...layer, outputShape: [null, 112, 112, 32] }),
      /Output 112 × 112 × 32,/,
    );
    assert.match(layerTooltip(layer), /Needs lambda, not executed/);
    assert.equal(layerContext(layer), "layer kernel");
    assert.equal(layerDescription({ ...layer, outputShape: null, params: 0 }), "shape unknown");
  });
  it("counts in thousands and millions", () => {
    assert.deepEqual([0, 999, 1000, 3413, 99_949, 999_499, 999_500, 138_357_544].map(countText), [
      "0",
      "999",
      "1.0 k",
      "3.4 k",
      "99.9 k",
      "999 k",
      "1.0 M",
      "138 M",
    ]);
  });
  it("in quick picks, where icons are ours alone", () => {
    assert.deepEqual(
      row({ icon: "tag", label: "$(zap) cat", description: "$(x)", detail: "a\u202eb", value: 1 }),
      { label: "$(tag) \\$(zap) cat", description: "\\$(x)", detail: "a\\u202eb", value: 1 },
    );

    assert.deepEqual(layerChoices([layer]), [
      {
        icon: "symbol-array",
        label: "stem/conv",
        description: "Conv2D · 112 × 112 × 32 · 864 parameters",
        value: "stem/conv",
      },
    ]);
    assert.deepEqual(classChoices(2, ["cat"]), [
      { label: "cat", description: "0", value: 0 },
      { label: "Class 1", description: "1", value: 1 },
    ]);
  });
});

describe("what is said of the engines", () => {
  const engine = { name: "wasm", version: "TensorFlow.js WebAssembly 4.22.0" } as const;
  it("names what runs and why the other does not", () => {
    const text = engineTooltip(engine, report, null);
    assert.match(text, /computes with \*\*WebAssembly\*\* \(TensorFlow\.js WebAssembly 4\.22\.0\)/);
    assert.match(text, /\*\*Native TensorFlow\*\* is not ready: it is not installed\./);
    assert.match(engineTooltip(null, null, null), /not needed an engine yet/);
    assert.match(engineTooltip(engine, report, "It stopped."), /\$\(error\) It stopped\./);
  });
  it("is a document in the doctor", () => {
    const facts = {
      extension: "0.1.0",
      editor: "VS Code 1.100",
      remote: "ssh-remote",
      choice: "auto",
      memoryBudgetMB: 2048,
      trusted: false,
    };
    const text = doctorReport(facts, engine, report);
    for (const part of ["Why not: it is not installed.", "v20.19.0 on linux-x64", "ssh-remote"])
      assert.ok(text.includes(part), part);
    assert.match(text, /not trusted/);
    assert.match(text, /auto takes wasm/);
  });
});

describe("the compute process' surroundings", () => {
  it("keep nothing that steers VS Code, Electron or a debugger", () => {
    const env = {
      PATH: "/bin",
      HOME: "/home/me",
      VSCODE_PID: "1",
      ELECTRON_RUN_AS_NODE: "1",
      ELECTRON_NO_ASAR: "1",
      NODE_OPTIONS: "--require debugger.js",
    };
    const kept = { PATH: "/bin", HOME: "/home/me", ...MEMORY_IN_LARGE_PAGES };
    assert.deepEqual(childEnvironment(env, false), kept);
    assert.deepEqual(childEnvironment(env, true), { ...kept, ELECTRON_RUN_AS_NODE: "1" });
  });
  it("leave to a person how memory is given", () => {
    const env = { GLIBC_TUNABLES: "glibc.malloc.check=1" };
    assert.deepEqual(childEnvironment(env, false), env);
  });
  it("forget crashes that are long ago", () => {
    const budget = new RestartBudget(2, 1000);
    assert.deepEqual(
      [0, 400, 800, 1100].map((time) => budget.allow(time)),
      [true, true, false, false],
    );
    assert.equal(budget.allow(3000), true);
  });
});
