/** Channels first out of every format that keeps them so: the file's own shapes are shown, pictures are taken, and every answer is that of channels last. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy } from "../../src/pictures/index.ts";
import { ATTRIBUTIONS, CAM_METHODS } from "../../src/shared/catalogue.ts";
import { type Document, json, sample, WASM } from "./cli-support.ts";
import { assertClose, model } from "./support.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";

const LAST = "last.keras";
const FILES = ["first.keras", "first.h5", "first_saved", "first_tfjs_graph", "first_tfjs_layers"];
const PICTURE = ["--image", sample("digits/pictures/digit_13_label8.png")];

/** Layers by what they are called in most files. */
const LAYERS: Readonly<Record<string, string>> = {
  ...{ conv2d_1: "conv2d_3", add: "add_1", re_lu: "re_lu_1" },
};
const layerOf = (file: string, name: string): string =>
  file === LAST ? (LAYERS[name] ?? name) : name;

interface Ask {
  readonly args: readonly string[];
  readonly layer?: string;
  /** Of the document; arrays are all compared. */
  readonly also?: readonly string[];
  readonly pictures?: readonly string[];
  /** Of the arrays only so many: an exporter leaves out a bias of zeros. */
  readonly arrays?: number;
}

const explained = (command: string, methods: readonly string[]): [string, Ask][] =>
  methods.map((method) => [
    `${command} by ${method}`,
    { args: [command, "--method", method, "--class", "1"], also: ["classes"] },
  ]);

const ASKS: Readonly<Record<string, Ask>> = {
  predict: { args: ["predict"], also: ["classes"] },
  activations: { args: ["activations"], layer: "add" },
  filters: { args: ["filters"], layer: "conv2d_1", pictures: [], arrays: 1 },
  ...Object.fromEntries([
    // there is no attention in it
    ...explained(
      "cam",
      Object.keys(CAM_METHODS).filter((id) => id !== "attention-rollout"),
    ),
    ...explained("attribute", Object.keys(ATTRIBUTIONS)),
  ]),
  "cam of a layer": { args: ["cam", "--class", "0,2"], layer: "re_lu" },
  "attack by evolution": {
    args: ["attack", "--method", "de", "--steps", "3", "--population", "8"],
    also: ["pixels", "success", "probability"],
  },
  "attack by screen": {
    args: ["attack", "--method", "screen", "--top", "4"],
    also: ["pixels", "probability"],
  },
  "maximize a class": {
    args: ["maximize", "--class", "2", "--steps", "3"],
    ...{ pictures: [], also: ["activation"] },
  },
  "maximize a filter": {
    args: ["maximize", "--filter", "1", "--steps", "3", "--method", "robust"],
    ...{ layer: "conv2d_1", pictures: [] },
  },
  census: {
    args: ["census"],
    pictures: [sample("digits/pictures")],
    also: ["images", "layers"],
  },
};

describe("channels first", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-first-"))));
  after(() => rm(folder, { recursive: true }));

  async function asked(file: string, name: string): Promise<Document> {
    const { args, layer, pictures = PICTURE } = ASKS[name] ?? assert.fail(name);
    const [command = "", ...rest] = args;
    const out = ["--out", path.join(folder, `${file} ${name}`)];
    const of = layer === undefined ? [] : ["--layer", layerOf(file, layer)];
    return json(command, model(`channels-first/${file}`), ...pictures, ...rest, ...of, ...out, ...(command === "filters" ? [] : WASM)); // prettier-ignore
  }
  const arraysOf = async (
    file: string,
    name: string,
    { arrays }: Document,
  ): Promise<FloatTensor[]> =>
    Promise.all(
      arrays.map(async (array) => {
        const own = array.file ?? assert.fail(`${name}: ${array.name}`);
        const at = path.join(folder, `${file} ${name}`, own);
        return decodeNpy(await readFile(at), own);
      }),
    );

  /** Numbers alike; sentences, in which rounded numbers stand, are left out. */
  function alike(found: unknown, wanted: unknown, what: string): void {
    if (typeof found === "number" && typeof wanted === "number")
      assert.ok(Math.abs(found - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted)), `${what}: ${found}, not ${wanted}`); // prettier-ignore
    else if (Array.isArray(wanted) && Array.isArray(found)) {
      assert.equal(found.length, wanted.length, what);
      wanted.forEach((one, i) => {
        alike(found[i], one, `${what} ${i}`);
      });
    } else if (wanted !== null && typeof wanted === "object") {
      for (const [key, one] of Object.entries(wanted))
        alike((found as Record<string, unknown>)[key], one, `${what} ${key}`);
    } else if (typeof wanted !== "string") assert.equal(found, wanted, what);
  }

  const known = new Map<string, { document: Document; arrays: FloatTensor[] }>();
  async function wantedOf(name: string): Promise<{ document: Document; arrays: FloatTensor[] }> {
    const before = known.get(name);
    if (before) return before;
    const document = await asked(LAST, name);
    const made = { document, arrays: await arraysOf(LAST, name, document) };
    known.set(name, made);
    return made;
  }

  for (const file of FILES)
    it(file, async () => {
      const [own, last] = [file, LAST].map((one) =>
        json("inspect", model(`channels-first/${one}`)),
      );
      const [inspected, other] = [await own, await last];
      assert.deepEqual(inspected?.["inputs"], [{ name: "x", shape: [null, 3, 20, 14] }]);
      for (const layer of inspected.layers) {
        const name = String(layer["name"]);
        const same = other?.layers.find((one) => one["name"] === layerOf(LAST, name));
        if (!same) continue;
        assert.deepEqual(layer["receptiveField"], same["receptiveField"], name);
        assert.equal(layer["macs"], same["macs"], name);
      }
      for (const [name, { also = [], arrays: count }] of Object.entries(ASKS)) {
        const wanted = await wantedOf(name);
        const document = await asked(file, name);
        for (const key of also) {
          assert.ok(key in wanted.document, `${name} has no ${key}`);
          alike(document[key], wanted.document[key], `${name}: ${key}`);
        }
        const arrays = await arraysOf(file, name, document);
        if (count === undefined) assert.equal(arrays.length, wanted.arrays.length, name);
        for (const [i, array] of wanted.arrays.slice(0, count).entries()) {
          const found = arrays[i] ?? assert.fail(`${name} ${i}`);
          if (array.data.some((value) => value !== 0)) assertClose(found, array, `${name} ${i}`);
          else assert.deepEqual(found, array, `${name} ${i}`);
        }
      }
    });
});
