/** Weights of a network that PyTorch ran in advance, by the formulas of formulas.py. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { sizeOf, type FloatTensor } from "../../src/base/tensor.ts";
import { rowMajor } from "../../src/formats/tensors/stored.ts";
import { archive, dict, int, pickle, tensor } from "../unit/formats/torch-files.ts";

/** What make-library.py and make-own.py write of a network. */
export interface RecordedNetwork {
  readonly tensors: readonly (readonly [key: string, shape: readonly number[]])[];
  readonly side: number;
  /** 3 where it is left out. */
  readonly channels?: number;
  readonly logits: readonly number[];
}
/** test/golden/data/library/NAME.json, a copy that was fine-tuned to five classes. */
export interface KnownNetwork extends RecordedNetwork {
  readonly layer: string;
  readonly signed: readonly number[];
}
/** test/golden/data/own/NAME.json: of NAME.py beside it. */
export interface OwnNetwork extends RecordedNetwork {
  readonly entry: string;
  readonly input: string;
  readonly arguments: readonly string[];
}
/** The same of a network of transformers, with its part of config.json that no weight shows. */
interface KnownTransformer extends RecordedNetwork {
  readonly settings: Readonly<Record<string, unknown>>;
}
const read = (folder: string, name: string): unknown => {
  const file = path.join(import.meta.dirname, "..", "golden", "data", folder, `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
};
export const knownNetwork = (name: string): KnownNetwork => read("library", name) as KnownNetwork;
export const knownTransformer = (name: string): KnownTransformer =>
  read("library", name) as KnownTransformer;
export const ownNetwork = (name: string): OwnNetwork => read("own", name) as OwnNetwork;

/** What torch.save writes of `{ "epoch": 3, "model": state_dict }`; other seeds are another checkpoint. */
export function knownWeights({ tensors }: RecordedNetwork, seed = 0): Uint8Array {
  const parts = tensors.map(([key, shape], i) => weights(key, shape, seed + i));
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new Float32Array(count);
  let offset = 0;
  const entries = tensors.map(([key, shape], i) => {
    const part = at(parts, i);
    all.set(part, offset);
    const view = tensor({ count, offset, shape, strides: rowMajor(shape) });
    offset += part.length;
    return [key, view] as const;
  });
  const saved = dict(["epoch", int(3)], ["model", dict(...entries)]);
  return archive(pickle(saved), { "net/data/0": new Uint8Array(all.buffer) });
}

/** A picture, in the network's units. */
export function knownPicture({ side, channels = 3 }: RecordedNetwork): FloatTensor {
  const data = Float32Array.from(numbers(side * side * channels, 999), (u) => 4 * u - 2);
  return { shape: [1, side, side, channels], dtype: "float32", data };
}

function numbers(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i + 1, 2654435761) + seed * 40503 + 1) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
  });
}

function weights(key: string, shape: readonly number[], seed: number): Float32Array {
  const count = sizeOf(shape);
  const scale = Math.sqrt(6 / (count / at(shape, 0)));
  const around1 = /(\.weight|running_var|gamma|temperature)$/.test(key);
  return Float32Array.from(numbers(count, seed), (u) =>
    shape.length >= 2 ? (2 * u - 1) * scale : around1 ? 0.5 + u : 0.2 * (u - 0.5),
  );
}
