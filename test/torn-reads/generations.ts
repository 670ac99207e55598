/** Two generations of a model of every format: the second has every number of the first negated, and all else the same. */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unzipSync, zipSync } from "fflate";
import { ofOneGeneration } from "../../src/files/generation.ts";
import { readModel } from "../../src/formats/index.ts";
import { floats, graph, int, model, node, tensor, value } from "../unit/formats/onnx-files.ts";

const models = path.resolve(import.meta.dirname, "../models");

interface Source {
  readonly name: string;
  /** Makes the first generation at `place`, which has the name that the format wants; null: it is a folder. */
  readonly file: string | null;
  readonly make: (place: string) => void;
  /** The file to open in a folder. */
  readonly open?: string;
  /** Whether the network can be run, and tells classes. */
  readonly runs?: true;
}
const fixture = (
  name: string,
  from: string,
  file: string | null = path.basename(from),
): Source => ({
  ...{ name, file, ...(!/torch\/|weights/.test(from) && { runs: true }) },
  make: (place) => {
    cpSync(path.join(models, from), place, { recursive: true });
  },
});

/** Every format that is read, and every way in which its numbers lie in files. */
export const SOURCES: readonly Source[] = [
  fixture("safetensors", "torch/small.safetensors"),
  fixture("h5", "small_k3.h5"),
  { name: "h5 with its sidecar", file: null, make: labelled, open: "net.h5", runs: true },
  fixture("h5 (Keras 2)", "small_k2.h5"),
  fixture("h5 (weights)", "small_k3.weights.h5"),
  fixture("keras", "small_k3.keras"),
  {
    name: "keras (packed)",
    file: "packed.keras",
    runs: true,
    make: (place) => {
      writeFileSync(place, zipped(readFileSync(path.join(models, "small_k3.keras")), 6));
    },
  },
  fixture("pt", "torch/small_state_dict.pt"),
  fixture("ckpt", "torch/small_checkpoint.pth", "small.ckpt"),
  fixture("pth (before 1.6)", "torch/tiny_legacy.pth"),
  fixture("TorchScript", "torch/small_scripted.torchscript.pt"),
  { ...fixture("pt2", "torch/small.pt2"), runs: true },
  fixture("onnx", "onnx/small_torch_dynamo.onnx"),
  { name: "onnx (external data)", file: null, make: external, open: "net.onnx" },
  fixture("tflite", "small_f32.tflite"),
  fixture("frozen graph", "small_frozen.pb"),
  fixture("SavedModel", "small_savedmodel_k2", null),
  fixture("SavedModel (export)", "small_savedmodel_k3export", null),
  { name: "TF.js (two shards)", file: null, make: sharded("small_tfjs_layers"), runs: true },
  { name: "TF.js graph (two shards)", file: null, make: sharded("small_tfjs_graph"), runs: true },
];

/** Two generations, and where a writer puts them in turn. */
export interface Generations {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly target: string;
  /** The path to open for one of these. */
  readonly open: (place: string) => string;
}

/** Makes both in `folder`, and the first at the target. */
export async function generationsOf(source: Source, folder: string): Promise<Generations> {
  const place = (name: string): string => {
    mkdirSync(path.join(folder, name), { recursive: true });
    return path.join(folder, name, source.file ?? "model");
  };
  const made = { a: place("a"), b: place("b"), target: place("target") };
  const open = (at: string): string =>
    source.open === undefined ? at : path.join(at, source.open);
  for (const at of Object.values(made)) source.make(at);
  const numbers = await numbersOf(open(made.a));
  for (const file of filesOf(made.b)) {
    const bytes = readFileSync(file);
    if (path.basename(file) === LABELS) {
      writeFileSync(file, labels("new"));
      continue;
    }
    const packed = source.name.includes("packed");
    writeFileSync(file, packed ? repacked(bytes, numbers) : negated(bytes, numbers));
  }
  return { name: source.name, ...made, open };
}

/** Every weight of a model by its address, read one after the other. */
export async function readWeights(file: string): Promise<Map<string, Float32Array>> {
  const graph = await ofOneGeneration(
    (generation) => readModel(file, { generation }),
    ({ weights }) => {
      weights.close();
    },
  );
  try {
    const refs = new Set(graph.layers.flatMap(({ weights }) => weights.map(({ ref }) => ref)));
    const read = new Map<string, Float32Array>();
    for (const ref of refs) {
      const { data } = await graph.weights.read(ref);
      read.set(ref, new Float32Array(data));
      // a writer gets its turn
      await new Promise((resolve) => setImmediate(resolve));
    }
    return read;
  } finally {
    graph.weights.close();
  }
}

/** The bits of all numbers. */
async function numbersOf(file: string): Promise<ReadonlySet<number>> {
  const all = new Set<number>();
  for (const data of (await readWeights(file)).values())
    for (const bits of new Uint32Array(data.buffer)) if (!PLAIN.has(bits)) all.add(bits);
  return all;
}
/** 0, 1 and 0.5, which structures hold too. */
const PLAIN = new Set([0, 0x80000000, 0x3f800000, 0x3f000000]);

function negated(bytes: Uint8Array, numbers: ReadonlySet<number>): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const bits = view.getUint32(at, true);
    if (!numbers.has(bits)) continue;
    view.setUint32(at, (bits ^ 0x80000000) >>> 0, true);
    at += 3;
  }
  return bytes;
}

const zipped = (bytes: Uint8Array, level: 0 | 6): Uint8Array =>
  zipSync(unzipSync(bytes), { level });
function repacked(bytes: Uint8Array, numbers: ReadonlySet<number>): Uint8Array {
  const members = Object.entries(unzipSync(bytes));
  return zipSync(
    Object.fromEntries(members.map(([name, held]) => [name, negated(held.slice(), numbers)])),
    { level: 6 },
  );
}

function filesOf(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const LABELS = "labels.txt";
const labels = (generation: string): string =>
  Array.from({ length: 10 }, (_, i) => `${generation} ${i}`).join("\n");

/** A model with its sidecar, and the names of classes that this names. */
function labelled(place: string): void {
  mkdirSync(place, { recursive: true });
  cpSync(path.join(models, "small_k3.h5"), path.join(place, "net.h5"));
  writeFileSync(path.join(place, "net.h5.convlens.json"), JSON.stringify({ labels: LABELS }));
  writeFileSync(path.join(place, LABELS), labels("old"));
}

/** Two layers, each with its numbers in a file of its own. */
function external(place: string): void {
  mkdirSync(place, { recursive: true });
  const size = 64;
  const weight = (i: number): ReturnType<typeof tensor> => {
    const numbers = Array.from({ length: size * size }, (_, k) => Math.sin(k * (i + 1)) / 3 + 0.01);
    const location = `data${i}.bin`;
    writeFileSync(path.join(place, location), floats(...numbers));
    return tensor({ name: `w${i}`, shape: [size, size], external: { location } });
  };
  const net = graph({
    nodes: [
      node({ op: "Gemm", inputs: ["x", "w0"], outputs: ["y"], attributes: [int("transB", 1)] }),
      node({ op: "Gemm", inputs: ["y", "w1"], outputs: ["z"], attributes: [int("transB", 1)] }),
    ],
    initializers: [weight(0), weight(1)],
    inputs: [value("x", ["N", size])],
    outputs: [value("z", ["N", size])],
  });
  writeFileSync(path.join(place, "net.onnx"), model(net));
}

/** The shard of a fixture in two, one weight across their border. */
function sharded(from: string): (place: string) => void {
  return (place) => {
    mkdirSync(place, { recursive: true });
    const source = path.join(models, from);
    const json = JSON.parse(readFileSync(path.join(source, "model.json"), "utf8")) as {
      weightsManifest: { paths: string[] }[];
    };
    const shard = readFileSync(path.join(source, "group1-shard1of1.bin"));
    const half = Math.floor(shard.length / 8) * 4;
    for (const group of json.weightsManifest) group.paths = ["shard1.bin", "shard2.bin"];
    writeFileSync(path.join(place, "model.json"), JSON.stringify(json));
    writeFileSync(path.join(place, "shard1.bin"), shard.subarray(0, half));
    writeFileSync(path.join(place, "shard2.bin"), shard.subarray(half));
  };
}
