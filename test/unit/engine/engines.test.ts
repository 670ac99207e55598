import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { createEngine, differentiate, engineReport } from "../../../src/engine/index.ts";
import { loadBinding } from "../../../src/engine/native/load.ts";
import { filesStatus, locateUnchanged } from "../../../src/engine/native/locate.ts";
import { NATIVE_LIBRARIES } from "../../../src/shared/native-files.ts";
import { openHeap, WASM_VERSION } from "../../../src/engine/wasm/heap.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import { GraphBuilder } from "../../../src/graph/index.ts";
import { distance, graphOf, MemoryWeights, noise, onEachEngine } from "./support.ts";

const CONV = { strides: [1, 1], padding: "same", dilations: [1, 1] } as const;

describe("engines", () => {
  describe("locating native", () => {
    const saved = process.env["CONVLENS_NATIVE_DIR"];
    let folder = "";
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "convlens-test-"));
      process.env["CONVLENS_NATIVE_DIR"] = folder;
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
      if (saved === undefined) delete process.env["CONVLENS_NATIVE_DIR"];
      else process.env["CONVLENS_NATIVE_DIR"] = saved;
    });
    const here = `${process.platform}-${process.arch}`;
    const empty = createHash("sha256").digest("hex");
    const manifest = (platform: string, named: readonly string[] = []): void => {
      writeFileSync(join(folder, "tfjs_binding.node"), "");
      const files = Object.fromEntries(named.map((name) => [name, empty]));
      writeFileSync(
        join(folder, "manifest.json"),
        JSON.stringify({ tensorflow: "2.13.1", source: "test", platform, files }),
      );
    };

    it("says that it is not there, and the cure", () => {
      const { ready, reason } = filesStatus();
      assert.equal(ready, false);
      assert.match(
        reason ?? "",
        /not in .*convlens doctor --install-native.*Get the Native Engine/,
      );
    });
    it("says that it is for another platform", () => {
      manifest("plan9-mips");
      assert.match(filesStatus().reason ?? "", /is for plan9-mips/);
    });
    it("says that the manifest is broken", () => {
      manifest("plan9-mips");
      writeFileSync(join(folder, "manifest.json"), "{");
      assert.match(filesStatus().reason ?? "", /manifest\.json cannot be read/);
    });
    it("takes a folder that is complete", () => {
      manifest(here);
      const { ready, version, location } = filesStatus();
      assert.deepEqual([ready, version, location], [true, "TensorFlow 2.13.1", folder]);
    });
    it("loads nothing that has no checksum, be it the binding or a library", () => {
      const reason = (named: readonly string[]): string => {
        manifest(here, named);
        const found = locateUnchanged();
        return "reason" in found ? found.reason : "";
      };
      const libraries = NATIVE_LIBRARIES[process.platform] ?? [];
      assert.match(reason([]), /no checksum of .*tfjs_binding\.node/);
      assert.match(reason(libraries), /no checksum of .*tfjs_binding\.node/);
      for (const left of libraries) {
        const others = libraries.filter((name) => name !== left);
        assert.ok(reason(["tfjs_binding.node", ...others]).endsWith(join(folder, left)));
      }
      assert.match(reason(["tfjs_binding.node", ...libraries]), /is not as it was installed/);
    });
  });

  it("falls back to wasm with the reason, and says so in the report", async () => {
    const native = loadBinding();
    const { engine, fallback } = await createEngine("auto");
    const report = engineReport();
    assert.equal(engine.info.name, report.auto);
    assert.equal(fallback === null, "binding" in native);
    assert.deepEqual(
      report.engines.map(({ name, ready }) => [name, ready]),
      [["native", "binding" in native], ["wasm", true]], // prettier-ignore
    );
    if ("reason" in native)
      await assert.rejects(
        createEngine("native"),
        (error) => error instanceof ConvLensError && error.kind === "compute",
      );
    engine.dispose();
  });

  it("names the TensorFlow.js that is bundled", () => {
    const { version } = createRequire(import.meta.url)(
      "@tensorflow/tfjs-backend-wasm/package.json",
    ) as { version: string };
    assert.equal(WASM_VERSION, `TensorFlow.js WebAssembly ${version}`);
  });

  it("takes Emscripten's handlers of unhandled errors off again", async () => {
    await openHeap();
    for (const event of ["uncaughtException", "unhandledRejection"])
      for (const listener of process.rawListeners(event))
        assert.doesNotMatch(listener.toString(), /ExitStatus|throw reason/);
  });

  onEachEngine((engine) => {
    it("feeds large parameters to all programs from one copy", async () => {
      const builder = new GraphBuilder();
      const weights = new MemoryWeights();
      weights.values.set("dense", noise([300, 200], 1));
      const x = builder.input("x", [null, 300]);
      const y = builder.add("matMul", "y", [x, builder.weight("dense", [300, 200])], {
        transposeA: false,
        transposeB: false,
      });
      const graph = graphOf(builder.nodes, weights);
      const { graph: whole, grads } = differentiate(graph, y, [x]);
      const feed = noise([2, 300], 2);
      const [value] = await (await engine().compile(graph, [x], [y])).run([feed]);
      const [slope] = await (await engine().compile(whole, [x], [grads[0] ?? ""])).run([feed]);
      const dense = weights.values.get("dense")?.data ?? [];
      const sum = (of: (k: number) => number, n: number): number =>
        Array.from({ length: n }, (_, k) => of(k)).reduce((a, b) => a + b, 0);
      const first = sum((k) => (feed.data[k] ?? 0) * (dense[k * 200] ?? 0), 300);
      assert.ok(distance([value?.data[0] ?? NaN], [first]) < 1e-4);
      assert.ok(distance([slope?.data[0] ?? NaN], [sum((k) => dense[k] ?? 0, 200)]) < 1e-4);
      assert.equal(weights.reads.get("dense"), 1);
      engine().release(graph);
    });

    it("multiplies a large kernel by its scales to the bit", async () => {
      const builder = new GraphBuilder();
      const weights = new MemoryWeights();
      const [kernel, scale] = [noise([3, 3, 40, 64], 1), noise([64], 2)];
      weights.values.set("kernel", kernel).set("scale", scale);
      const [a, b] = [builder.weight("kernel", kernel.shape), builder.weight("scale", [64])];
      const zero = builder.input("zero", [1]);
      // either may stand before the other
      const products = [builder.add("mul", "ab", [a, b]), builder.add("mul", "ba", [b, a])];
      const sums = products.map((product) => builder.add("add", `+${product}`, [product, zero]));
      const graph = graphOf(builder.nodes, weights);
      const program = await engine().compile(graph, [zero], sums);
      const found = await program.run([
        { dtype: "float32", shape: [1], data: new Float32Array(1) },
      ]);
      const wanted = kernel.data.map((value, i) => value * (scale.data[i % 64] ?? NaN));
      for (const { shape, data } of found) {
        assert.deepEqual(shape, kernel.shape);
        assert.deepEqual(data, wanted);
      }
      engine().release(graph);
    });

    it("gives a convolution the same whether or not its batch norm and ReLU are fused into it", async () => {
      for (const op of ["conv2d", "depthwiseConv2d"] as const) {
        const builder = new GraphBuilder();
        const weights = new MemoryWeights();
        const weight = (ref: string, shape: number[], seed: number): string => {
          const value = noise(shape, seed);
          weights.values.set(ref, { ...value, data: Float32Array.from(value.data, Math.abs) });
          return builder.weight(ref, shape);
        };
        const filters = op === "conv2d" ? 4 : 6;
        const kernel = weight("kernel", op === "conv2d" ? [3, 3, 3, 4] : [3, 3, 3, 2], 1);
        const x = builder.input("x", [null, 5, 5, 3]);
        const conv = builder.add(op, "conv", [x, kernel], CONV);
        const biased = builder.add("biasAdd", "biased", [conv, weight("bias", [filters], 2)]);
        const parameters = [3, 4, 5, 6].map((seed) => weight(`bn${seed}`, [filters], seed));
        const norm = builder.add("batchNorm", "norm", [biased, ...parameters], { epsilon: 0.1 });
        const relu = builder.add("relu6", "relu", [norm]);
        const graph = graphOf(builder.nodes, weights);
        const feed = noise([2, 5, 5, 3], 7);
        const [alone] = await (await engine().compile(graph, [x], [relu])).run([feed]);
        const fetches = [conv, biased, norm, relu];
        const all = await (await engine().compile(graph, [x], fetches)).run([feed]);
        assert.ok(distance(alone?.data ?? [], all[3]?.data ?? [NaN]) < 1e-5);
        const expected = [...(all[1]?.data ?? [])].map((value, i) => {
          const [scale = 0, offset = 0, mean = 0, variance = 0] = [3, 4, 5, 6].map(
            (seed) => weights.values.get(`bn${seed}`)?.data[i % filters],
          );
          return ((value - mean) / Math.sqrt(variance + 0.1)) * scale + offset;
        });
        assert.ok(distance(all[2]?.data ?? [], expected) < 1e-5);
        engine().release(graph);
      }
    });
  });

  it("wasm refuses by name what its memory cannot hold, and goes on", async () => {
    const { engine } = await createEngine("wasm");
    const builder = new GraphBuilder();
    const weights = new MemoryWeights();
    const wide = noise([1, 2 ** 20], 1);
    weights.values.set("wide", wide);
    const x = builder.input("x", [null, 1]);
    const product = builder.add("matMul", "product", [x, builder.weight("wide", wide.shape)], {
      transposeA: false,
      transposeB: false,
    });
    const graph = graphOf(builder.nodes, weights);
    const program = await engine.compile(graph, [x], [product]);
    // 1024 rows of 4 MB
    await assert.rejects(program.run([noise([1024, 1], 2)]), {
      kind: "compute",
      message: /^'product' \(matMul\) makes \[N, 1048576\], 4096 MB, which WebAssembly's memory/,
    });
    const row = noise([1, 1], 3);
    const [value] = await program.run([row]);
    assert.ok(
      distance(
        value?.data.slice(0, 3) ?? [],
        Array.from(wide.data.slice(0, 3), (w) => w * (row.data[0] ?? NaN)),
      ) < 1e-6,
    );
    engine.dispose();
  });
});
