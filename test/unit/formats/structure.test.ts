/** Weights poured into a network that is known: which fit, what is said of those that do not, and what is kept. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readModel, type StateDict } from "../../../src/formats/index.ts";
import { readTensor } from "../../../src/formats/tensors/stored.ts";
import { chooseStructure, OpenModel } from "../../../src/session/index.ts";
import type { Sidecar } from "../../../src/shared/sidecar.ts";
import { safetensorsFile } from "./safetensors-files.ts";
import { fixture } from "./support.ts";
import { freeDigits } from "../../support/free-size.ts";

interface Saved {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The tensors of a file of weights by their keys. */
async function tensorsOf(file: string): Promise<Map<string, Saved>> {
  let found: readonly StateDict[] = [];
  const structures = (weights: readonly StateDict[]): Promise<{ tried: [] }> => {
    found = weights;
    return Promise.resolve({ tried: [] });
  };
  const graph = await readModel(file, { structures });
  const [first] = found;
  const read = first?.tensors.map((tensor) => [tensor.name, readTensor(tensor)] as const) ?? [];
  graph.weights.close();
  return new Map(
    read.map(([key, { shape, data }]) => [key, { shape, data: Array.from(data) }] as const),
  );
}

/** The same as a safetensors file, every tensor of float32. */
function safetensors(tensors: ReadonlyMap<string, Saved>): Uint8Array {
  const header: Record<string, object> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [key, { shape, data }] of tensors) {
    const bytes = Buffer.from(Float32Array.from(data).buffer);
    header[key] = { dtype: "F32", shape, data_offsets: [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  const front = safetensorsFile(header, 0);
  return Buffer.concat([front, ...parts]);
}

describe("weights in a network that is known", () => {
  let folder = "";
  let tensors = new Map<string, Saved>();
  before(async () => {
    tensors = await tensorsOf(fixture("torch/small_state_dict.pt"));
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-structure-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const beside = (name: string, as = name): void => {
    copyFileSync(fixture(name), path.join(folder, path.basename(as)));
  };
  const saved = (own: ReadonlyMap<string, Saved>): string => {
    const file = path.join(folder, "best.safetensors");
    writeFileSync(file, safetensors(own));
    return file;
  };
  const renamed = (to: (key: string) => string): Map<string, Saved> =>
    new Map([...tensors].map(([key, tensor]) => [to(key), tensor]));
  const opened = async (
    file: string,
    check: (model: OpenModel) => Promise<void> | void,
    structure?: string,
  ): Promise<void> => {
    const model = await OpenModel.open(file, { structure });
    try {
      await check(model);
    } finally {
      model.close();
    }
  };
  const runs = (model: OpenModel): void => {
    assert.equal(model.summary.notRunnable, null);
    assert.equal(model.summary.classes, 10);
    assert.ok(model.summary.layers.every(({ opaque }) => opaque === null));
  };

  for (const prefix of ["", "module.", "model.", "_orig_mod.", "net.encoder.", "model._orig_mod."])
    it(`keys that begin with '${prefix}' find their places`, async () => {
      beside("torch/small.pt2");
      await opened(saved(renamed((key) => prefix + key)), (model) => {
        runs(model);
        assert.equal(model.structure?.confidence, "exact");
        assert.deepEqual(model.structure.assumed, []);
        assert.match(model.structure.source, /small\.pt2.*beside/);
      });
    });

  it("other numbers in the same places are no longer exact", async () => {
    beside("torch/small.pt2");
    const other = new Map(tensors);
    const [key, first] = [...tensors][0] ?? assert.fail("no tensors");
    other.set(key, { ...first, data: first.data.map((value) => value + 1) });
    await opened(saved(other), (model) => {
      runs(model);
      assert.equal(model.structure?.confidence, "low");
      assert.match(model.structure.assumed.join(), /strides.*as in small\.pt2/);
    });
  });

  it("another number of classes is solved for", async () => {
    beside("torch/small.pt2");
    const heads = [...tensors].filter(([, { shape }]) => shape[0] === 10);
    assert.ok(heads.length >= 2);
    const three = new Map(tensors);
    for (const [key, { shape, data }] of heads)
      three.set(key, {
        shape: [3, ...shape.slice(1)],
        data: data.slice(0, (3 * data.length) / 10),
      });
    await opened(saved(three), (model) => {
      assert.equal(model.summary.notRunnable, null);
      assert.equal(model.summary.classes, 3);
      assert.equal(model.structure?.confidence, "low");
      assert.match(model.structure.assumed.join(), /has 3 in place of 10/);
    });
  });

  const refused = async (own: ReadonlyMap<string, Saved>, reason: RegExp): Promise<void> => {
    beside("torch/small.pt2");
    const file = saved(own);
    await opened(file, ({ summary, structure }) => {
      assert.match(summary.notRunnable ?? "", reason);
      assert.equal(structure, null);
    });
    await assert.rejects(
      OpenModel.open(file, { structure: path.join(folder, "small.pt2") }),
      reason,
    );
  };
  it("a tensor too few is named", () => {
    const [key] = [...tensors.keys()].slice(-1);
    const few = new Map([...tensors].filter(([name]) => name !== key));
    return refused(few, new RegExp(`the file has no '${key}'.*\\(1 of \\d+ are missing\\)`));
  });
  it("a tensor too many is named", () =>
    refused(
      new Map([...tensors, ["extra.weight", { shape: [1], data: [1] }]]),
      /small\.pt2 has no place for 'extra\.weight' \(1 of \d+ tensors of the file\)/,
    ));
  it("another kernel is another network", () => {
    const [key, kernel] =
      [...tensors].find(([, { shape }]) => shape.length === 4) ?? assert.fail("no kernel");
    const other = { shape: [...kernel.shape.slice(0, 2), 1, 1], data: kernel.data.slice(0, 0) };
    const size = other.shape.reduce((product, n) => product * n, 1);
    return refused(
      new Map(tensors).set(key, { ...other, data: Array<number>(size).fill(1) }),
      new RegExp(`'${key}' is \\[.*1, 1\\] in the file and \\[.*\\] in small\\.pt2`),
    );
  });
  it("a size that the network does not work with is named", () => {
    const [key, bias] =
      [...tensors].find(([, { shape }]) => shape.length === 1) ?? assert.fail("no bias");
    beside("torch/small.pt2");
    const one = new Map(tensors).set(key, { shape: [3], data: bias.data.slice(0, 3) });
    return assert.rejects(
      OpenModel.open(saved(one)),
      new RegExp(`does not fit small\\.pt2: '${key}' has 3 in place of`),
    );
  });

  it("what an ONNX exporter kept the names of is a structure too", async () => {
    beside("onnx/small_torch_legacy_nofold.onnx");
    await opened(saved(tensors), (model) => {
      runs(model);
      assert.match(model.structure?.source ?? "", /small_torch_legacy_nofold\.onnx/);
    });
  });

  it("a program is taken before an ONNX file of the same numbers that leaves its size free", async () => {
    writeFileSync(path.join(folder, "free.onnx"), freeDigits());
    beside("torch/small.pt2", "net.pt2");
    await opened(saved(tensors), (model) => {
      runs(model);
      assert.match(model.structure?.source ?? "", /net\.pt2/);
    });
  });

  it("a structure that was accepted once is known without its file", async () => {
    beside("torch/small.pt2");
    const file = saved(renamed((key) => `known.${key}`));
    await opened(file, runs);
    rmSync(path.join(folder, "small.pt2"));
    await opened(file, (model) => {
      runs(model);
      assert.match(model.structure?.source ?? "", /small\.pt2, known from before/);
      assert.equal(model.structure?.confidence, "low");
    });
    await opened(file, ({ structure }) => assert.equal(structure, null), "none");
  });

  it("the sidecar names a structure of its own folder, and no other", async () => {
    beside("torch/small.pt2", "first.pt2");
    const file = saved(tensors);
    writeFileSync(`${file}.convlens.json`, JSON.stringify({ structure: "first.pt2" }));
    await opened(file, ({ structure }) => {
      assert.match(structure?.source ?? "", /first\.pt2, as the sidecar says/);
    });
    writeFileSync(`${file}.convlens.json`, JSON.stringify({ structure: "../first.pt2" }));
    await assert.rejects(OpenModel.open(file), /lies outside of its folder/);
  });

  it("a structure that was chosen is remembered: by its name in the folder, else by its digest", async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "convlens-elsewhere-"));
    try {
      const file = saved(renamed((key) => `chosen.${key}`));
      const remembered = (): unknown =>
        (JSON.parse(readFileSync(`${file}.convlens.json`, "utf8")) as Sidecar).structure;
      copyFileSync(fixture("torch/small.pt2"), path.join(elsewhere, "far.pt2"));
      await chooseStructure(file, path.join(elsewhere, "far.pt2"));
      assert.match(String(remembered()), /^sha256:[0-9a-f]{64}$/);
      rmSync(path.join(elsewhere, "far.pt2"));
      await opened(file, (model) => {
        runs(model);
        assert.match(model.structure?.source ?? "", /as the sidecar says/);
      });
      beside("torch/small.pt2");
      await chooseStructure(file, path.join(folder, "small.pt2"));
      assert.equal(remembered(), "small.pt2");
      await assert.rejects(chooseStructure(file, fixture("torch/tiny.pt2")), /does not fit tiny/);
      assert.equal(remembered(), "small.pt2");
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});
