/** Mutations of protocol buffers: the message is taken apart by its wire format, changed, and put together again. */
import type { Random } from "../random.ts";
import type { Mutation } from "./bytes.ts";

interface Field {
  number: number;
  wire: number;
  /** Of wire type 0. */
  value: bigint;
  /** Of the others. */
  bytes: Buffer;
  /** Where `bytes` were taken for a message and changed. */
  fields: Field[] | null;
}
const MAX_DEPTH = 12;
const NO_BYTES = Buffer.alloc(0);

/** Fields of one message, which is not one if this is null. */
function parse(bytes: Buffer): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    const low = bytes[at] ?? 0x80;
    if (low < 0x80) {
      at++;
      return BigInt(low);
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n || tag > 0xffffffffn) return null;
    const field: Field = {
      ...{ number: Number(tag >> 3n), wire: Number(tag & 7n) },
      ...{ value: 0n, bytes: NO_BYTES, fields: null },
    };
    if (field.wire === 0) {
      const value = varint();
      if (value === null) return null;
      field.value = value;
    } else {
      const length =
        field.wire === 2 ? varint() : field.wire === 1 ? 8n : field.wire === 5 ? 4n : null;
      if (length === null || BigInt(at) + length > BigInt(bytes.length)) return null;
      field.bytes = bytes.subarray(at, at + Number(length));
      at += Number(length);
    }
    fields.push(field);
  }
  return fields;
}

/** The message in a field, taken apart where it is looked at: a file has thousands that are not. */
const inner = ({ fields, wire, bytes }: Field): Field[] | null =>
  fields ?? (wire === 2 && bytes.length > 1 ? parse(bytes) : null);

function varintBytes(value: bigint): Buffer {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(out);
}

const build = (fields: readonly Field[]): Buffer =>
  Buffer.concat(
    fields.flatMap((field) => {
      const tag = varintBytes((BigInt(field.number) << 3n) | BigInt(field.wire));
      if (field.wire === 0) return [tag, varintBytes(field.value)];
      const content = field.fields ? build(field.fields) : field.bytes;
      return field.wire === 2
        ? [tag, varintBytes(BigInt(content.length)), content]
        : [tag, content];
    }),
  );

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n,
  7n,
  13n,
  64n,
  255n,
  65536n,
  0x7fffffffn,
  0xffffffffn,
  1n << 40n,
  1n << 62n,
  (1n << 63n) - 1n,
];
const TEXTS = [
  "",
  "__proto__",
  "../../../etc/passwd",
  "/dev/zero",
  "http://127.0.0.1/x",
  "\0",
  "x".repeat(5000),
];

function changeTree(root: Field[], random: Random): void {
  // walk down at random, so that a hundred weights do not hide the few fields that say what they are
  let list = root;
  for (let depth = 0; list.length > 0; depth++) {
    const messages = list.map((field) => ({ field, fields: inner(field) }));
    const nested = messages.filter(({ fields }) => depth < MAX_DEPTH && fields?.length);
    if (nested.length === 0 || random.chance(0.25)) break;
    const { field, fields } = random.pick(nested);
    list = field.fields = fields ?? [];
  }
  if (list.length === 0) return;
  const at = random.below(list.length);
  const field = list[at];
  if (!field) return;
  switch (random.below(8)) {
    case 0:
    case 1:
      if (field.wire === 0) field.value = random.pick(INTEGERS);
      else field.bytes = Buffer.from(random.pick(TEXTS));
      field.fields = null;
      break;
    case 2:
      list.splice(at, 1);
      break;
    case 3:
      list.splice(at, 0, field);
      break;
    case 4:
      list[at] = random.pick(list);
      break;
    case 5:
      field.number = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 20, 536870911]);
      break;
    case 6: {
      const other = list[random.below(list.length)];
      if (other?.wire === field.wire) {
        [field.value, other.value] = [other.value, field.value];
        [field.bytes, other.bytes] = [other.bytes, field.bytes];
        [field.fields, other.fields] = [other.fields, field.fields];
      }
      break;
    }
    default: {
      // the message in itself, again and again
      let bytes = build([field]);
      for (let i = random.pick([1, 20, 300]); i > 0; i--)
        bytes = build([{ ...field, wire: 2, bytes, fields: null }]);
      list[at] = { ...field, wire: 2, bytes, fields: null };
    }
  }
}

/** Lengths of all messages around a change are right again. */
const tree: Mutation = (bytes, random) => {
  const fields = parse(bytes);
  if (!fields) return bytes;
  for (let i = random.pick([1, 1, 2, 4]); i > 0; i--) changeTree(fields, random);
  return build(fields);
};

/** A length or a tag alone, so that everything behind it is read as something else. */
const raw: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const at = random.below(Math.min(out.length, 4000));
  out[at] = random.pick([0, 0x08, 0x0a, 0x12, 0x1a, 0x7f, 0x80, 0xff, random.below(256)]);
  if (random.chance(0.3)) out.fill(0xff, at, Math.min(out.length, at + random.below(11)));
  return out;
};

export const protobufMutations: readonly Mutation[] = [tree, tree, tree, raw];
