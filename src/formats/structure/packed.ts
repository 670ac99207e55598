/** A structure as it is kept: JSON, gzipped. Read as hostile as any model file. */
import { gunzipSync, gzipSync } from "node:zlib";
import { inputError } from "../../base/errors.ts";
import { flatNumbers, isObject, member, parseJson, text, type Json } from "../json.ts";
import { list } from "../pt2/schema.ts";
import { elementBytes } from "../tensors/elements.ts";
import { sizeOf } from "../../base/tensor.ts";
import { inMemory } from "./memory.ts";
import type { StoredTensor } from "../tensors/stored.ts";

/** Where a structure comes from that a person's own program was asked for. */
export interface Origin {
  /** The folder of the weights that it was made for. */
  readonly folder: string;
  /** The person's own files that were read when the network was made, as they were then. */
  readonly sources: readonly { readonly path: string; readonly sha256: string }[];
}
/** How a program is written: as the JSON of torch.export; an ONNX file without its weights, or a TensorFlow graph, in base64. */
const KINDS = ["pt2", "onnx", "tensorflow"] as const;
/** A structure by itself. */
export interface PackedStructure {
  readonly origin?: Origin;
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly program: Json;
  /** Constants, and the places of everything else. */
  readonly tensors: readonly PackedTensor[];
}
/** A place in a program, with its numbers (little-endian, base64) where the structure keeps them. */
export interface PackedTensor {
  readonly key: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly data?: string;
}

const VERSION = 1;
/** Unpacked; the largest of torchvision's networks is 3 MB. */
export const MAX_STRUCTURE = 32 * 2 ** 20;

/** As bytes; null where they would be more than is read again. */
export function packed(structure: PackedStructure): Buffer | null {
  const json = Buffer.from(JSON.stringify({ version: VERSION, ...structure }, written));
  return json.length > MAX_STRUCTURE ? null : gzipSync(json, { level: 9 });
}
/** JSON has no infinities; the reader of programs knows them as text. */
const written = (_: string, value: unknown): unknown =>
  value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : value;

/** Throws a ConvLensError of kind `input` for what is no kept structure. */
export function unpacked(bytes: Uint8Array, name: string): PackedStructure {
  const refuse = (why: string): Error =>
    inputError(`'${name}' is no structure of a network that is known here (${why}).`);
  let json: Json;
  try {
    const plain = gunzipSync(bytes, { maxOutputLength: MAX_STRUCTURE });
    json = parseJson(plain.toString("utf8"), `'${name}'`);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : "it cannot be unpacked");
  }
  const kind = KINDS.find((one) => one === text(member(json, "kind")));
  const called = text(member(json, "name"));
  const program = member(json, "program");
  if (member(json, "version") !== VERSION) throw refuse("it is of another version");
  if (kind === undefined || called === null || program === undefined)
    throw refuse("it lacks its program");
  const tensors = list(member(json, "tensors")).map((entry): PackedTensor => {
    const key = text(member(entry, "key"));
    const type = text(member(entry, "type"));
    const shape = flatNumbers(member(entry, "shape") ?? []);
    const data = text(member(entry, "data"));
    const whole = shape?.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!isObject(entry) || key === null || type === null || !shape || whole !== true)
      throw refuse("one of its tensors has no key, type and shape");
    return { key, type, shape, ...(data !== null && { data }) };
  });
  const origin = originIn(member(json, "origin"));
  return { kind, name: called, program, tensors, ...(origin && { origin }) };
}

function originIn(json: Json | undefined): Origin | null {
  const folder = text(member(json, "folder"));
  if (folder === null) return null;
  const sources = list(member(json, "sources")).flatMap((entry): Origin["sources"] => {
    const [path, sha256] = [text(member(entry, "path")), text(member(entry, "sha256"))];
    return path === null || sha256 === null ? [] : [{ path, sha256 }];
  });
  return { folder, sources };
}

/** The numbers that a structure keeps; null where it keeps none. Throws a ConvLensError of kind `input` where they are too few. */
export function keptIn({ key, type, shape, data }: PackedTensor): StoredTensor | null {
  if (data === undefined) return null;
  const bytes = Buffer.from(data, "base64");
  if (bytes.length !== sizeOf(shape) * (elementBytes(type) ?? NaN))
    throw inputError(`A kept structure has not the numbers that '${key}' needs; delete it.`);
  return inMemory(key, type, shape, bytes);
}
