/** A safetensors file: the header's length, or another one that is declared, the header, and `data` bytes. */
export function safetensorsFile(header: string | object, data = 16, length?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + data);
  bytes.writeBigUInt64LE(length ?? BigInt(json.length), 0);
  json.copy(bytes, 8);
  return bytes;
}

/** A float32 tensor of a header, from byte `begin` to `end` of the data. */
export const tensorEntry = (
  begin: number,
  end: number,
  shape: readonly number[] = [(end - begin) / 4],
): object => ({ dtype: "F32", shape, data_offsets: [begin, end] });
