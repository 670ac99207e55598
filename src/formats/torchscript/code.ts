/** The code of an archive: its files are read when a class or a function of them is asked for. */
import { Unsupported } from "../lower/unsupported.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { openMember, type ZipMember } from "../bytes/zip.ts";
import { parse } from "./parser.ts";
import type { ClassCode, Routine, Unit } from "./syntax.ts";

/** More text than any network's code has, in one file and in all. */
const MAX_FILE = 8 * 2 ** 20;
const MAX_CODE = 64 * 2 ** 20;

export class Code {
  private readonly units = new Map<string, Unit | null>();
  private read = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly members: ReadonlyMap<string, ZipMember>,
    /** The folder of the archive, with a slash behind it. */
    private readonly root: string,
  ) {}

  private unit(module: string): Unit | null {
    const known = this.units.get(module);
    if (known !== undefined) return known;
    const member = this.members.get(`${this.root}code/${module.replaceAll(".", "/")}.py`);
    this.read += member?.size ?? 0;
    if (this.read > MAX_CODE) throw new Unsupported("its code is longer than any network's");
    const file = member ? openMember(this.source, member, MAX_FILE) : null;
    const unit = file ? parse(readBytes(file, 0, file.size).toString("utf8")) : null;
    this.units.set(module, unit);
    return unit;
  }

  /** A class by its dotted name; null where the archive has none. Throws `Unsupported` for code that is not read. */
  classOf(name: string): ClassCode | null {
    const [module, own] = parted(name);
    return this.unit(module)?.classes.get(own) ?? null;
  }
  /** A function by its dotted name; null where the archive has none. */
  routine(name: string): Routine | null {
    const [module, own] = parted(name);
    return this.unit(module)?.routines.get(own) ?? null;
  }
}

const parted = (name: string): readonly [string, string] => {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
};
