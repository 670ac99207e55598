/** Keras files: HDF5, and archives around it (CVE-2024-3660, CVE-2025-1550, CVE-2025-9905, CVE-2026-0897, CVE-2026-1669). */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { File, ready, type Group } from "h5wasm/node";
import { fixture, fixtureBytes, kerasArchive } from "../support.ts";
import { bomb, COMMAND, copied, cutOf, nested, PROTOTYPES, written } from "./files.ts";
import type { Attack, Attacks } from "./types.ts";

await ready;

const input = { class_name: "InputLayer", config: { name: "image", batch_shape: [null, 8, 8, 3] } };
const network = (...layers: object[]): string =>
  JSON.stringify({ class_name: "Sequential", config: { name: "m", layers: [input, ...layers] } });

const lambda = {
  class_name: "Lambda",
  config: {
    name: "evil",
    function: {
      class_name: "__lambda__",
      config: { code: Buffer.from(COMMAND).toString("base64") },
    },
  },
};
const imported = {
  ...{ module: "os", class_name: "system", registered_name: "os>system" },
  config: { name: "evil", command: COMMAND },
};
const serialized = {
  class_name: "Activation",
  config: {
    name: "evil",
    activation: { ...imported, class_name: "function", config: "system" },
  },
};
const named = PROTOTYPES.map((name) => ({ class_name: "ReLU", config: { name } }));
let deep: object = input;
for (let i = 0; i < 150; i++)
  deep = { class_name: "Sequential", config: { name: `m${i}`, layers: [deep] } };

type Write = (name: string, config: string) => (folder: string) => string;

/** What both kinds of file can do to the description of the network. */
const described = (write: Write): Pick<Attacks, "code" | "nesting" | "names"> => ({
  code: [
    { what: "a Lambda layer", make: write("lambda", network(lambda)), opaque: /Lambda/ },
    { what: "a class of the system's", make: write("class", network(imported)), opaque: /system/ },
    { what: "a function as activation", make: write("fn", network(serialized)), opaque: /system/ },
  ],
  nesting: [
    { what: "JSON", make: write("deep", nested(100_000)), says: /nested deeper/ },
    { what: "models in models", make: write("models", JSON.stringify(deep)), says: /nest/ },
  ],
  names: [{ what: "layers", make: write("names", network(...named)) }],
});

/** An HDF5 file with this description, and what `fill` puts into the group of one layer. */
const h5File = (
  file: string,
  config: string | null,
  fill: (layer: Group) => void = () => undefined,
): string => {
  const made = new File(file, "w");
  made.create_attribute("keras_version", "2.15.0");
  if (config !== null) made.create_attribute("model_config", config);
  const weights = config === null ? made : made.create_group("model_weights");
  weights.create_attribute("layer_names", ["dense"]);
  weights.create_group("dense");
  const layer = weights.get("dense") as Group;
  layer.create_attribute("weight_names", ["kernel:0"]);
  fill(layer);
  made.close();
  return file;
};
const weightsIn =
  (fill: (layer: Group, folder: string) => void) =>
  (folder: string): string =>
    h5File(path.join(folder, "weights.h5"), null, (layer) => {
      fill(layer, folder);
    });
/** The weights of another file, which is there. */
const elsewhere = (layer: Group, folder: string): void => {
  const secret = new File(path.join(folder, "..", "secret.h5"), "w");
  secret.create_dataset({ name: "kernel:0", data: new Float32Array(4), shape: [2, 2] });
  secret.close();
  layer.create_external_link("../secret.h5", "/kernel:0", "kernel:0");
};
const inH5: Write = (name, config) => (folder) => h5File(path.join(folder, `${name}.h5`), config);
const inArchive: Write = (name, config) => written(`${name}.keras`, () => kerasArchive(config));

const unpacked = (): Uint8Array => gunzipSync(fixtureBytes("odd/bomb.h5.gz"));
const outside: readonly Attack[] = [
  {
    what: "an external link",
    make: weightsIn(elsewhere),
    says: /an external link.*never followed/,
  },
  { what: "a virtual data set", make: copied("odd/virtual.h5"), says: /virtual data set/ },
  {
    what: "external storage",
    make: copied("odd/external-storage.h5"),
    says: /kept in another file/,
  },
];

export const h5: Attacks = {
  ordinary: fixture("small_k2.h5"),
  ...described(inH5),
  sizes: [
    { what: "a data set of 36 TB", make: copied("odd/huge-chunked.h5"), says: /more than it can/ },
    { what: "a data set of 360 GB", make: copied("odd/huge.h5"), says: /more than it can hold/ },
    {
      what: "a chunk that inflates to 256 MB",
      make: written("bomb.h5", unpacked),
      says: /unpacks to more/,
    },
    { what: "deflate after deflate", make: copied("odd/twice.h5"), says: /packs .* not read/ },
  ],
  outside,
  nesting: [
    ...(described(inH5).nesting as readonly Attack[]),
    {
      what: "links in a circle",
      make: weightsIn((layer) => {
        layer.create_soft_link("/dense/b", "kernel:0");
        layer.create_soft_link("/dense/kernel:0", "b");
      }),
      says: /weights\.h5/,
    },
  ],
  cut: [0.02, 0.3, 0.9].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.h5", cutOf("small_k2.h5", part)),
    says: /damaged or truncated/,
  })),
};

export const keras: Attacks = {
  ordinary: fixture("small_k3.keras"),
  ...described(inArchive),
  sizes: [
    {
      what: "a description that unpacks to 80 MB",
      make: written("bomb.keras", () => bomb("config.json", 80 * 2 ** 20)),
      says: /bomb\.keras/,
    },
    {
      what: "a description that declares less than it unpacks to",
      make: written("less.keras", () => bomb("config.json", 80 * 2 ** 20, 1000)),
      says: /cannot be unpacked to the size/,
    },
    {
      what: "a description that declares 2 GB",
      make: written("more.keras", () => bomb("config.json", 1000, 2 ** 31 - 1)),
      says: /declares 2147483647 bytes/,
    },
    {
      what: "weights of 80 MB of nothing",
      make: written("zeros.keras", () =>
        zipSync(
          {
            "config.json": strToU8(network()),
            "model.weights.h5": new Uint8Array(80 * 2 ** 20),
          },
          { level: 9 },
        ),
      ),
      says: /would become/,
    },
  ],
  outside: [
    {
      what: "members that lie elsewhere",
      make: (folder) => {
        writeFileSync(path.join(folder, "..", "config.json"), network());
        const members = { "../config.json": strToU8(network()), "/model.weights.h5": unpacked() };
        return written("up.keras", zipSync(members, { level: 0 }))(folder);
      },
      says: /zip archive without a 'config\.json'/,
    },
    {
      what: "weights with an external link",
      make: (folder) => {
        const dense = { class_name: "Dense", config: { name: "dense", units: 2 } };
        const weights = weightsIn(elsewhere)(folder);
        const members = {
          "config.json": strToU8(network(dense)),
          "model.weights.h5": readFileSync(weights),
        };
        return written("link.keras", zipSync(members, { level: 0 }))(folder);
      },
      says: /link\.keras/,
    },
  ],
  cut: [0.02, 0.3, 0.9].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.keras", cutOf("small_k3.keras", part)),
    says: /damaged or truncated/,
  })),
};
