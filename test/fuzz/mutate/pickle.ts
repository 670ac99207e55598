/** Mutations of pickles: opcodes put in, exchanged and taken out, with arguments that lie. */
import type { Mutation } from "./bytes.ts";

const line = (...texts: readonly string[]): Buffer => Buffer.from(texts.join(""), "latin1");
const OPCODES: readonly Buffer[] = [
  line("cos\nsystem\n"),
  line("cbuiltins\neval\n"),
  line("ctorch._utils\n_rebuild_tensor_v2\n"),
  line("\x8c\x02os\x8c\x06system\x93"),
  line("X\xff\xff\xff\x7f"), // a text of 2 GB
  line("\x8d\xff\xff\xff\xff\xff\xff\xff\x7f"),
  line("B\xff\xff\xff\xff"),
  line("\x8b\xff\xff\xff\x7f"), // a number of 2 GB
  line("r\xff\xff\xff\xff"), // memo 4294967295
  line("j\xff\xff\xff\xff"),
  line("\x95\xff\xff\xff\xff\xff\xff\xff\x7f"),
  line("K\xff"),
  line("J\xff\xff\xff\x7f"),
  line("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"),
  line("G\x7f\xf0\0\0\0\0\0\0"),
  ...Array.from("()0.1et]}RbosuaNQlp\x81\x85\x86\x87\x88\x89\x90\x91\x92\x93\x94\x97").map((one) =>
    line(one),
  ),
  line("h\x00"),
  line("q\x01"),
  line("\x80\x05"),
  line("(".repeat(5000)),
  line("]".repeat(3000), "a".repeat(2999)),
  line("]q\x00h\x00a"), // a list in itself
  line("V__proto__\n"),
];

const put: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), random.pick(OPCODES), bytes.subarray(at)]);
};
const exchange: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const piece = random.pick(OPCODES);
  piece.copy(out, random.below(out.length), 0, Math.min(piece.length, 16));
  return out;
};
const drop: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(3))]);
};
/** One module or class for another. */
const rename: Mutation = (bytes, random) => {
  const text = bytes.toString("latin1");
  const names = text.match(/[A-Za-z_.]{5,40}/g) ?? [];
  if (names.length === 0) return bytes;
  return Buffer.from(text.replaceAll(random.pick(names), random.pick(names)), "latin1");
};

export const pickleMutations: readonly Mutation[] = [put, put, exchange, exchange, drop, rename];
