/** The library as it is recorded: files by what they hold, and index.json, written after each network. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Generation } from "../../src/files/generation.ts";
import { packed, readStructure } from "../../src/formats/index.ts";
import type { LibraryNetwork } from "../../src/session/structures/library/index-file.ts";
import {
  keysDigest,
  parts,
  shapesDigest,
} from "../../src/session/structures/library/fingerprint.ts";
import { runs } from "./runs.ts";

/** What record.py says of a network. */
export interface Told {
  readonly failed?: string;
  readonly heads: readonly string[];
  /** Of the program: key, shape, element type. */
  readonly state: readonly (readonly [string, readonly number[], string])[];
  /** Keys of the state dict that the program has no place for. */
  readonly unused: readonly string[];
  readonly side: readonly [number, number];
  readonly preprocess: LibraryNetwork["pictures"];
  readonly settings: LibraryNetwork["settings"];
  readonly labels: string | null;
}
type Ask = (question: object) => Promise<Told & { readonly difference?: number | null }>;

/** Above it two networks are not the same function, in float32 and another order of sums. */
const SAME = 1e-4;

/** See the head of this file. */
export class Recorded {
  private networks: LibraryNetwork[] = [];
  /** Why a network is no part of the library, by its name. */
  private leftOut: Record<string, string> = {};
  private versions: Readonly<Record<string, string>> = {};

  constructor(
    private readonly folder: string,
    private readonly order: readonly string[],
    { again, retry }: { readonly again: boolean; readonly retry: boolean },
  ) {
    const index = this.file("index.json");
    if (again || !existsSync(index)) return;
    const { networks, leftOut, recordedWith } = JSON.parse(readFileSync(index, "utf8")) as {
      readonly recordedWith: Readonly<Record<string, string>>;
      readonly networks: LibraryNetwork[];
      readonly leftOut: Readonly<Record<string, string>>;
    };
    this.networks = networks;
    this.versions = recordedWith;
    if (!retry) this.leftOut = { ...leftOut };
  }
  private readonly file = (name: string): string => path.join(this.folder, name);

  /** Whether it is known what becomes of it. */
  has(name: string): boolean {
    return name in this.leftOut || this.networks.some(({ names }) => names.includes(name));
  }

  about(about: {
    readonly versions: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, readonly string[]>>;
  }): void {
    // what is not here today has recorded some of them before
    this.versions = { ...this.versions, ...about.versions };
    writeFileSync(this.file("labels.json"), `${JSON.stringify(about.labels)}\n`);
  }

  /** In words: what became of it. */
  async add(name: string, program: string, ask: Ask): Promise<string> {
    const told = await ask({ record: name });
    if (told.failed !== undefined) return this.leave(name, `not exported (${told.failed})`);
    const all = told.state.map(([key, shape]) => ({ name: key, shape }));
    const [part = []] = parts(all);
    if (all[0]?.name !== part[0]?.name) return this.leave(name, "all of its keys begin alike");
    const free = [...new Set([...told.heads, ...stemOf(told)])];
    const shapes = shapesDigest(part, new Set(free));
    for (const other of this.networks) {
      const [first = ""] = other.names;
      if (other.shapes !== shapes || other.free.join() !== free.join()) continue;
      const { difference } = await ask({ same: [first, name] });
      if (difference === undefined || difference === null || difference > SAME) continue;
      this.put({ ...other, names: [...other.names, name] }, other);
      return `the same as ${first}`;
    }
    const why = await runs(program);
    if (why !== null) return this.leave(name, why);
    const structure = readStructure(program, new Generation());
    const content = structure.pack();
    structure.close();
    const bytes = content && packed({ ...content, name: name.replace("/", " ") });
    if (!bytes) return this.leave(name, "too large to be kept");
    const file = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(this.file(`${file}.gz`), bytes);
    this.put({
      ...{ names: [name], file, keys: keysDigest(part), shapes, free },
      ...{ side: told.side, pictures: told.preprocess, settings: told.settings },
      labels: told.labels,
    });
    return `${(bytes.length / 1e3).toFixed(1)} kB${told.unused.length > 0 ? `, without ${told.unused.join(", ")}` : ""}`;
  }

  private leave(name: string, why: string): string {
    this.leftOut[name] = why;
    this.write();
    return `left out: ${why}`;
  }

  private put(network: LibraryNetwork, instead?: LibraryNetwork): void {
    const place = ({ names: [first = ""] }: LibraryNetwork): number => this.order.indexOf(first);
    this.networks = [...this.networks.filter((one) => one !== instead), network].sort(
      (a, b) => place(a) - place(b),
    );
    this.write();
  }

  private write(): void {
    const lines = this.networks.map((one) => JSON.stringify(one)).join(",\n");
    const head = JSON.stringify({ version: 1, recordedWith: this.versions }).slice(0, -1);
    const leftOut = JSON.stringify(this.leftOut, null, 1);
    writeFileSync(
      this.file("index.json"),
      `${head},"networks":[\n${lines}\n],"leftOut":${leftOut}}\n`,
    );
  }

  summary(): string {
    const used = new Set(this.networks.map(({ file }) => `${file}.gz`));
    for (const name of readdirSync(this.folder))
      if (name.endsWith(".gz") && !used.has(name)) rmSync(this.file(name));
    const bytes = readdirSync(this.folder).reduce(
      (sum, name) => sum + statSync(this.file(name)).size,
      0,
    );
    const names = this.networks.flatMap((network) => network.names).length;
    return `${this.networks.length} structures under ${names} names, ${(bytes / 1e6).toFixed(2)} MB`;
  }
}

/** The first weight that reads three colours: a network of gray or six-band pictures has others. */
function stemOf({ state }: Told): readonly string[] {
  const stem = state.find(([, shape]) => shape.length === 4 && shape[1] === 3);
  return stem ? [stem[0]] : [];
}
