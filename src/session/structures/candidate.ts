/** Where the structure of a file of weights may be: the sidecar, files that lie beside, the cache, the library. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { Generation } from "../../files/generation.ts";
import {
  readStructure,
  STRUCTURE_FILES,
  type Match,
  type StateDict,
  type Structure,
  type Told,
} from "../../formats/index.ts";
import { digestFor, keptAs, keptFor } from "./cache.ts";
import { unlisted } from "./library/head.ts";
import { isLibraryName, knownAs, knownFor, knownStructure, type Known } from "./library/library.ts";
import { checkSettings, settled } from "./library/settle.ts";
import { toldOf } from "./library/told.ts";
import type { Said } from "./said.ts";

/** Files of a folder that are looked into. */
const MOST_FILES = 16;

/** One place to look: how it is told, and what is there. Reading it may throw a ConvLensError. */
export interface Candidate {
  readonly source: string;
  /** As the sidecar names it: a file of its folder, a network of the library, or `sha256:` and a digest. */
  readonly name: string;
  /** Its files, once it was read; null where it is kept, or ships with ConvLens. */
  readonly files: Generation | null;
  read(): Promise<Structure | null>;
  /** Equal for those whose keys and shapes are the same: what fits one fits all. Null where that takes to read it. */
  readonly keys: string | null;
  /** Throws a ConvLensError where somebody says what it is not, before it is read. */
  check?(): void;
  /** What is known of it beyond its program. */
  told?(match: Match): Promise<Told>;
  /** The file's networks as they go into it, where their keys are others there; and what that takes for granted. */
  readonly networks?: readonly StateDict[];
  readonly assumed?: readonly string[];
}

/** A file that is looked into; what is not taken may change. */
function inFile(file: string, source: string): Candidate {
  const files = new Generation();
  return {
    source,
    name: path.basename(file),
    keys: null,
    files,
    read: () => Promise.resolve().then(() => readStructure(file, files)),
  };
}

/** What is `said` against it is a reason to refuse it. */
function inLibrary(known: Known, source: string, said: readonly Said[]): Candidate {
  return {
    source,
    name: known.name.replace(" ", "/"),
    keys: [known.network.shapes, ...known.network.free].join(" "),
    files: null,
    check: () => {
      checkSettings(known, said);
    },
    read: () => knownStructure(known),
    told: (match) => toldOf(known, match),
  };
}

/** What is kept under `sha256:` and a digest; null for another name. */
function ofDigest(name: string, source: string): Candidate | null {
  const digest = /^sha256:([0-9a-f]{64})$/.exec(name)?.[1];
  return digest === undefined
    ? null
    : { source, name, keys: null, files: null, read: () => keptAs(digest) };
}

/** What a person asked for: a file, a network of the library, or `sha256:` and a digest. Throws a ConvLensError of kind `input` for a name that is not known. */
export async function askedFor(name: string): Promise<Candidate> {
  const asked = ofDigest(name, "kept, as asked for");
  if (asked) return asked;
  if (!isLibraryName(name)) return inFile(name, `${plainText(path.basename(name))}, as asked for`);
  const known = await knownAs(name);
  return inLibrary(known, `${known.name}, as asked for`, []);
}

/** What the sidecar says: a file of its folder, a network of the library, or `sha256:` and a digest. Throws a ConvLensError of kind `input`. */
export async function ofSidecar(file: string, said: string | null): Promise<readonly Candidate[]> {
  if (said === null) return [];
  const digest = ofDigest(said, "kept, as the sidecar says");
  if (digest) return [digest];
  if (isLibraryName(said)) {
    const known = await knownAs(said);
    return [inLibrary(known, `${known.name}, as the sidecar says`, [])];
  }
  const folder = path.dirname(path.resolve(file));
  const named = path.resolve(folder, said);
  if (path.dirname(named) !== folder)
    throw inputError(
      `The sidecar's structure '${said}' lies outside of its folder; copy the file there.`,
    );
  return [inFile(named, `${plainText(said)}, as the sidecar says`)];
}

/** Files of the same folder; the one of the same name first. */
export async function beside(file: string): Promise<readonly Candidate[]> {
  const folder = path.dirname(path.resolve(file));
  const names = await readdir(folder).catch((): string[] => []);
  const stem = (name: string): string => path.parse(name).name;
  const own = stem(file);
  return names
    .filter((name) => STRUCTURE_FILES.test(name) && !name.startsWith("."))
    .sort((a, b) => Number(stem(b) === own) - Number(stem(a) === own) || (a < b ? -1 : 1))
    .slice(0, MOST_FILES)
    .map((name) => inFile(path.join(folder, name), `${plainText(name)}, which lies beside it`));
}

/** Those that were accepted before for weights of these keys and shapes. */
export async function kept(networks: readonly StateDict[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const one of networks)
    for (const structure of await keptFor(one))
      found.push({
        source: `${structure.name}, known from before`,
        name: `sha256:${digestFor(structure) ?? ""}`,
        keys: null,
        files: null,
        read: () => Promise.resolve(structure),
      });
  return found;
}

/** Those that ship with ConvLens: the one that somebody names, else all with these keys and shapes. */
export async function ofLibrary(
  networks: readonly StateDict[],
  said: readonly Said[],
): Promise<readonly Candidate[]> {
  for (const one of networks) {
    const known = settled(await knownFor(one.tensors), said);
    if (known.length > 0)
      return known.map((each) => inLibrary(each, `${each.name}, ${each.why}`, said));
    const other = unlisted(one);
    if (!other) continue;
    const { weights, assumed } = other;
    const replaced = settled(await knownFor(weights.tensors), said);
    if (replaced.length > 0)
      return replaced.map((each) => {
        const candidate = inLibrary(each, `${each.name}, ${each.why}`, said);
        return { ...candidate, networks: [weights], assumed: [assumed] };
      });
  }
  return [];
}
