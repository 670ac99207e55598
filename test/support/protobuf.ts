/** Protocol buffers for tests: a message is the fields one after the other. */
const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};

/** A number is written as a varint, text and bytes with their length. */
export function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return Uint8Array.from([...varint(number << 3), ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([
    Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]),
    bytes,
  ]);
}
export const message = (...fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);
/** An entry of a map. */
export const entry = (number: number, key: string, value: Uint8Array): Uint8Array =>
  field(number, message(field(1, key), field(2, value)));
export { varint };
