/** Mutations of headers in words before numbers: NumPy's dictionary and safetensors' JSON with its length. */
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";
import { mutateJson } from "./json.ts";

const npyHeader: Mutation = (bytes, random) => {
  const start = bytes.indexOf("{", 0, "latin1");
  const end = bytes.indexOf("\n", start, "latin1");
  if (start < 0 || end < 0) return bytes;
  const shapes = [
    "(99999999999,)",
    "(-1,)",
    "(65536, 65536)",
    "()",
    "(0, 5)",
    "(1e9,)",
    "(2, 2",
    "(1,".repeat(500),
  ];
  const types = ["<f4", ">f8", "|O", "<U9999", "<i8", "V8", "<f16", "<c8"];
  const text = bytes
    .toString("latin1", start, end)
    .replace(/\([^)]*\)/, random.chance(0.7) ? random.pick(shapes) : "$&")
    .replace(/'descr': '[^']*'/, random.chance(0.5) ? `'descr': '${random.pick(types)}'` : "$&");
  const out = Buffer.from(bytes);
  out.write(text.slice(0, end - start).padEnd(end - start), start, "latin1");
  if (random.chance(0.2)) writeInteger(out, 8, 2, oddInteger(random, bytes.length, 2));
  return out;
};

const safetensorsHeader: Mutation = (bytes, random) => {
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : 0;
  if (length > bytes.length - 8) return bytes;
  const changed = Buffer.from(mutateJson(bytes.toString("utf8", 8, 8 + length), random));
  const size = Buffer.alloc(8);
  const told = random.chance(0.8) ? BigInt(changed.length) : oddInteger(random, bytes.length, 8);
  size.writeBigUInt64LE(told);
  return Buffer.concat([size, changed, bytes.subarray(8 + length)]);
};

export const npyMutations: readonly Mutation[] = [npyHeader];
export const safetensorsMutations: readonly Mutation[] = [safetensorsHeader];
