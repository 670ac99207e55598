/** Weights of the networks of the library, without numbers or as zeros. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { sizeOf } from "../../src/base/tensor.ts";
import type { StateDict } from "../../src/formats/index.ts";
import { rowMajor, type StoredTensor } from "../../src/formats/tensors/stored.ts";
import { knownAs, knownStructure } from "../../src/session/structures/library/library.ts";

/** Another key or shape than the library's. */
export type Change = (
  key: string,
  shape: readonly number[],
) => readonly [string, readonly number[]];

/** A state dict of a network of the library, without numbers. */
export async function weightsOf(name: string, change: Change = (key, shape) => [key, shape]) {
  const structure = await knownStructure(await knownAs(name));
  // numbers of the program's own are in no file
  const places = structure.placesFor([]).filter(({ kept }) => !kept);
  const tensors = places.map((place): StoredTensor => {
    const [key, shape] = change(place.key, place.shape);
    const storage = {
      bytes: 0,
      bigEndian: false,
      open: () => assert.fail("no number is needed to know a network"),
    };
    return { name: key, type: place.type, shape, strides: rowMajor(shape), offset: 0, storage };
  });
  structure.close();
  return { path: [], tensors } satisfies StateDict;
}
/** A .safetensors file of them, all 0. */
export function writeZeros(file: string, { tensors }: StateDict): void {
  const header: Record<string, object> = {};
  let end = 0;
  for (const { name, type, shape } of tensors) {
    const bytes = sizeOf(shape) * (type === "int64" ? 8 : 4);
    const dtype = type === "int64" ? "I64" : "F32";
    header[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(file, Buffer.concat([length, text, Buffer.alloc(end)]));
}
