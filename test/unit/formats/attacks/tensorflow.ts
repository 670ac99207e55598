/** TensorFlow's graphs: SavedModel folders, frozen graphs, TF.js (CVE-2022-25882's kind of paths, CVE-2026-1462). */
import { cpSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { entry, field, message } from "../../../support/protobuf.ts";
import { fixture, fixtureBytes } from "../support.ts";
import { call, constant, FLOAT, fn, graph, node, placeholder, shape } from "../tensorflow-files.ts";
import { COMMAND, cutOf, linked, nested, pipe, PROTOTYPES, written } from "./files.ts";
import type { Attack, Attacks } from "./types.ts";

const evil = node("evil", "PyFunc", ["x"], { token: field(2, COMMAND) });
const reads = node("y", "ReadFile", ["evil"]);
const names = PROTOTYPES.map((name, i) =>
  node(name, i === 1 ? "toString" : "Relu", [PROTOTYPES[i - 1] ?? "x"], { __proto__: FLOAT }),
);
const doubling = Array.from({ length: 40 }, (_, i) =>
  fn(`f${i}`, call("a", `f${i + 1}`, "x"), call("out", `f${i + 1}`, "a:output:0")),
);
const last = fn("f40", node("out", "Relu", ["x"]));
let deep: Uint8Array = new Uint8Array(0);
for (let i = 0; i < 5000; i++) deep = field(1, deep);

type Write = (name: string, graph: Uint8Array) => (folder: string) => string;
/** What both kinds of file can do with a graph. */
const graphs = (write: Write): Pick<Attacks, "code" | "sizes" | "nesting" | "names"> => ({
  code: [
    {
      what: "operations that run code or read files",
      make: write("code", graph([placeholder, evil, reads])),
      opaque: /PyFunc[^]*ReadFile/,
    },
  ],
  sizes: [
    {
      what: "a constant of 2^42 numbers with one",
      make: write(
        "huge",
        graph([
          placeholder,
          constant("c", field(2, shape(2 ** 40, 4)), field(5, new Uint8Array(4))),
          node("y", "AddV2", ["x", "c"]),
        ]),
      ),
      says: /huge|saved_model/,
    },
    {
      what: "a fill of 2^40 numbers",
      make: write("fill", graph([placeholder, ...filled(2 ** 20), node("y", "AddV2", ["x", "f"])])),
      opaque: /./,
    },
  ],
  nesting: [
    {
      what: "functions that multiply",
      make: write("functions", graph([placeholder, call("y", "f0", "x")], [...doubling, last])),
      says: /unfolds to more than/,
    },
    {
      what: "functions that call themselves",
      make: write(
        "self",
        graph(
          [placeholder, call("call", "f", "x"), node("y", "Relu", ["call"])],
          [fn("f", call("out", "f", "x"))],
        ),
      ),
      opaque: /calls itself/,
    },
    {
      what: "messages in messages",
      make: write("deep", message(field(1, placeholder), field(2, field(1, deep)))),
      says: /deep|saved_model/,
    },
  ],
  names: [
    {
      what: "nodes",
      make: write("names", graph([placeholder, ...names, node("y", "Relu", ["toString"])])),
      opaque: /toString/,
    },
  ],
});
/** Fill of a constant shape. */
function filled(size: number): Uint8Array[] {
  const whole = field(6, 3);
  const sizes = message(
    field(1, 3),
    field(2, shape(2)),
    field(4, new Uint8Array(Int32Array.of(size, size).buffer)),
  );
  return [
    node("s", "Const", [], { dtype: whole, value: field(8, sizes) }),
    constant("v", field(2, message()), field(5, new Uint8Array(4))),
    node("f", "Fill", ["s", "v"], { T: FLOAT, index_type: whole }),
  ];
}

export const frozen: Attacks = {
  ordinary: fixture("small_frozen.pb"),
  ...graphs((name, bytes) => written(`${name}.pb`, bytes)),
  outside: "a frozen graph names no other files",
  cut: [0.01, 0.5, 0.99].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.pb", cutOf("small_frozen.pb", part)),
    says: /cut\.pb/,
  })),
};

/** SavedModel: schema version 1, one graph, a signature from its node `x` to its node `y`. */
const saved = (bytes: Uint8Array): Uint8Array => {
  const signature = message(
    entry(1, "x", field(1, "x:0")),
    entry(2, "y", field(1, "y:0")),
    field(3, "tensorflow/serving/predict"),
  );
  const graph = [
    field(1, field(4, "serve")),
    field(2, bytes),
    entry(5, "serving_default", signature),
  ];
  return message(field(1, 1), field(2, message(...graph)));
};
const folderOf = (folder: string): string => {
  cpSync(fixture("small_savedmodel_k3export"), folder, { recursive: true });
  return folder;
};
const SHARD = "variables.data-00000-of-00001";
const replaced =
  (name: string, by: (folder: string, name: string, bytes: Uint8Array) => void) =>
  (folder: string): string => {
    folderOf(folder);
    const inside = path.join(folder, "variables");
    rmSync(path.join(inside, name));
    by(inside, name, fixtureBytes(`small_savedmodel_k3export/variables/${name}`));
    return folder;
  };

export const savedModel: Attacks = {
  ordinary: fixture("small_savedmodel_k3export"),
  ...graphs((_, bytes) => written("saved_model.pb", saved(bytes))),
  outside: [
    { what: "a shard that is a link", make: replaced(SHARD, linkedOut), says: /outside its own/ },
    {
      what: "an index that is a link",
      make: replaced("variables.index", linkedOut),
      says: /outside its own/,
    },
    { what: "a shard that is a pipe", make: replaced(SHARD, pipe), says: /not a file/ },
    {
      what: "an index that is a pipe",
      make: replaced("variables.index", pipe),
      says: /not a file/,
    },
    {
      what: "variables in a folder elsewhere",
      make: (folder) => {
        folderOf(folder);
        const elsewhere = path.join(folder, "..", "elsewhere");
        renameSync(path.join(folder, "variables"), elsewhere);
        symlinkSync(elsewhere, path.join(folder, "variables"));
        return folder;
      },
      says: /outside its own/,
    },
  ],
  cut: [
    ["saved_model.pb", 0.5],
    ["variables/variables.index", 0.5],
    [`variables/${SHARD}`, 0.5],
  ].map(([name, part]) => ({
    what: `${name} after 50 %`,
    make: (folder: string): string => {
      folderOf(folder);
      const cut = cutOf(`small_savedmodel_k3export/${String(name)}`, Number(part))();
      writeFileSync(path.join(folder, String(name)), cut);
      return folder;
    },
    says: /./,
  })),
};

function linkedOut(folder: string, name: string, bytes: Uint8Array): void {
  linked(path.dirname(folder), `${path.basename(folder)}/${name}`, bytes);
}

interface Manifest {
  readonly paths?: readonly string[];
  readonly size?: readonly number[];
  readonly dtype?: string;
  readonly quantization?: object;
}
const json = (
  topology: object,
  { paths = ["a.bin"], size = [2, 2], dtype = "float32", ...more }: Manifest,
  name: string,
): string =>
  JSON.stringify({
    ...{ format: "node" in topology ? "graph-model" : "layers-model", modelTopology: topology },
    weightsManifest: [{ paths, weights: [{ name, shape: size, dtype, ...more }] }],
  });

const product = (op = "MatMul"): object => ({
  node: [
    {
      name: "x",
      op: "Placeholder",
      attr: { shape: { shape: { dim: [{ size: "-1" }, { size: "2" }] } } },
    },
    { name: "c", op: "Const" },
    { name: "y", op, input: ["x", "c"] },
  ],
});
const layers = (...more: object[]): object => ({
  keras_version: "2.15.0",
  model_config: {
    class_name: "Sequential",
    config: {
      name: "m",
      layers: [
        { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 2] } },
        { class_name: "Dense", config: { name: "d", units: 2, use_bias: false } },
        ...more,
      ],
    },
  },
});

/** Both kinds of TF.js models: what their shards can do. */
function sharded(topology: object, weight: string): Pick<Attacks, "sizes" | "outside" | "cut"> {
  const make =
    (manifest: Manifest, beside: (folder: string) => void = () => undefined) =>
    (folder: string): string => {
      writeFileSync(path.join(folder, "..", "secret.bin"), Buffer.alloc(16));
      beside(folder);
      return written("model.json", json(topology, manifest, weight))(folder);
    };
  const refused = (name: string, says: RegExp): Attack => ({
    what: `a shard named '${name}'`,
    make: make({ paths: [name] }),
    says,
  });
  return {
    sizes: [
      {
        what: "weights beyond their shards",
        make: make({ paths: ["a.bin"], size: [2 ** 20, 2 ** 20] }, (folder) =>
          written("a.bin", Buffer.alloc(16))(folder),
        ),
        says: /model\.json/,
      },
      {
        what: "integers without their scale",
        make: make({ quantization: { dtype: "uint8" } }),
        says: /is stored as uint8 without the scale/,
      },
      { what: "a negative size", make: make({ size: [-2, 2] }), says: /without a name or shape/ },
    ],
    outside: [
      ...[
        "../secret.bin",
        "a/../../secret.bin",
        "..\\secret.bin",
        "/etc/passwd",
        "C:\\secret.bin",
      ].map((name) => refused(name, /outside its own/)),
      ...["https://example.com/a.bin", "file:///etc/passwd"].map((name) =>
        refused(name, /outside its own/),
      ),
      refused("a.bin\0../secret.bin", /outside its own/),
      {
        what: "a shard that is a link",
        make: make({ paths: ["link.bin"] }, (folder) => {
          linked(folder, "link.bin", Buffer.alloc(16));
        }),
        says: /outside its own/,
      },
      {
        what: "a shard that is a pipe",
        make: make({ paths: ["pipe.bin"] }, (folder) => {
          pipe(folder, "pipe.bin");
        }),
        says: /not a file/,
      },
    ],
    cut: [
      {
        what: "a shard of half its length",
        make: make({}, (folder) => written("a.bin", Buffer.alloc(8))(folder)),
        says: /its shards hold 8/,
      },
      { what: "no shard", make: make({}), says: /not there/ },
      {
        what: "half of the description",
        make: written("model.json", () => json(topology, {}, weight).slice(0, 150)),
        says: /model\.json/,
      },
    ],
  };
}

const data = (folder: string): string => written("a.bin", Buffer.alloc(16))(folder);
const described =
  (topology: object, weight: string) =>
  (folder: string): string => {
    data(folder);
    return written("model.json", json(topology, {}, weight))(folder);
  };
const deepJson = (before: string): Attack => ({
  what: "JSON",
  make: written("model.json", `{"modelTopology":${before}${nested(50_000)}}`),
  says: /nested deeper/,
});

export const tfjsGraph: Attacks = {
  ordinary: fixture("small_tfjs_graph/model.json"),
  ...sharded(product(), "c"),
  code: [{ what: "a Python function", make: described(product("PyFunc"), "c"), opaque: /PyFunc/ }],
  nesting: [deepJson("")],
  names: [
    { what: "operations", make: described(product("constructor"), "c"), opaque: /constructor/ },
  ],
};
export const tfjsLayers: Attacks = {
  ordinary: fixture("small_tfjs_layers/model.json"),
  ...sharded(layers(), "d/kernel"),
  code: [
    {
      what: "a Lambda layer",
      make: described(
        layers({ class_name: "Lambda", config: { name: "l", function: [COMMAND] } }),
        "d/kernel",
      ),
      opaque: /Lambda/,
    },
  ],
  nesting: [deepJson("")],
  names: [
    {
      what: "layers",
      make: described(
        layers(...PROTOTYPES.map((name) => ({ class_name: "ReLU", config: { name } }))),
        "d/kernel",
      ),
    },
  ],
};
