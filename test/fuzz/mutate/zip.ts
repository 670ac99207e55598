/** Mutations of zip archives: fields of their headers, and members by their own formats. */
import { unzipSync, zipSync } from "fflate";
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";

type Field = readonly [offset: number, width: 2 | 4];
/** Fields [offset, width] behind the signatures of an entry, a local header and the end of the directory. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  "PK\x01\x02": [
    [6, 2],
    [8, 2],
    [10, 2],
    [16, 4],
    [20, 4],
    [24, 4],
    [28, 2],
    [30, 2],
    [32, 2],
    [34, 2],
    [42, 4],
  ],
  "PK\x03\x04": [
    [6, 2],
    [8, 2],
    [14, 4],
    [18, 4],
    [22, 4],
    [26, 2],
    [28, 2],
  ],
  "PK\x05\x06": [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
    [20, 2],
  ],
};

const headers: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const signature = random.pick(Object.keys(FIELDS));
  const found: number[] = [];
  for (let at = out.indexOf(signature, 0, "latin1"); at >= 0 && found.length < 400;) {
    found.push(at);
    at = out.indexOf(signature, at + 4, "latin1");
  }
  if (found.length === 0) return out;
  const start = random.pick(found);
  const [offset, width] = random.pick(FIELDS[signature] ?? []);
  writeInteger(out, start + offset, width, oddInteger(random, out.length, width));
  return out;
};

const NAMES = ["", "../../x", "/etc/passwd", "__proto__", "a/b/c", "config.json", "CON", "\0"];

/** Mutations that open the archive; `inside` says how a member of a name is changed. */
export function zipMutations(inside: (name: string) => readonly Mutation[]): readonly Mutation[] {
  const members: Mutation = (bytes, random) => {
    const files = open(bytes);
    const names = Object.keys(files);
    if (names.length === 0) return bytes;
    // small members describe, large ones hold numbers
    const small = names.filter((name) => (files[name]?.length ?? 0) < 100_000);
    const name = random.pick(small.length > 0 && random.chance(0.6) ? small : names);
    const own = Buffer.from(files[name] ?? []);
    const others = names.map((each) => Buffer.from(files[each] ?? []));
    const fits = others.filter(({ length }) => length > 0);
    files[name] = random.pick(inside(name))(own, random, fits.length > 0 ? fits : [own]);
    return pack(files, random.chance(0.2));
  };
  const rename: Mutation = (bytes, random) => {
    const files = open(bytes);
    const names = Object.keys(files);
    if (names.length === 0) return bytes;
    const name = random.pick(names);
    const content = files[name] ?? new Uint8Array();
    if (random.chance(0.7)) Reflect.deleteProperty(files, name);
    const other = random.chance(0.5) ? random.pick(names) : random.pick(NAMES);
    if (other !== "__proto__") files[other] = content;
    return pack(files, random.chance(0.2));
  };
  return [headers, headers, members, members, members, members, members, members, rename];
}

const MAX_MEMBERS = 2000;
const MAX_MEMBER = 2 ** 26;

function open(bytes: Buffer): Record<string, Uint8Array> {
  let left = MAX_MEMBERS;
  // after a mutation of the headers fflate believes in a directory of 4 thousand million entries
  const filter = ({ originalSize }: { originalSize: number }): boolean => {
    if (left-- === 0 || originalSize > MAX_MEMBER) throw new RangeError("damaged");
    return true;
  };
  try {
    return unzipSync(bytes, { filter });
  } catch {
    return {}; // damaged by the mutation before
  }
}
const THE_SAME_IN_EVERY_RUN = new Date(2000, 0, 1);
const pack = (files: Record<string, Uint8Array>, packed: boolean): Buffer =>
  Buffer.from(zipSync(files, { level: packed ? 6 : 0, mtime: THE_SAME_IN_EVERY_RUN }));
