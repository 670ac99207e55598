/** The structure of a file of weights: the one that was asked for, the sidecar's, one that lies beside, one that is kept. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { Generation } from "../../files/generation.ts";
import {
  fit,
  isMisfit,
  readStructure,
  STRUCTURE_FILES,
  type Match,
  type StateDict,
  type Structure,
  type StructureFinder,
} from "../../formats/index.ts";
import { keep, keptAs, keptFor } from "./cache.ts";
import { trustIn } from "./trust.ts";

/** Where to look. */
export interface Places {
  /** The file of weights. */
  readonly file: string;
  /** What a person asked for: a file, or a name. */
  readonly asked: string | null;
  /** What the sidecar says: a file in its folder, or `sha256:` and a digest. */
  readonly sidecar: string | null;
  /** Told the stamps of the files that the structure came from. */
  readonly used?: (files: Generation) => void;
}

/** The finder of one structure alone, which is closed where it does not fit: then it throws a ConvLensError of kind `input`. */
export const finderOf =
  (structure: Structure, source: string, file: string): StructureFinder =>
  (weights) =>
    only(
      structure,
      { source, files: new Generation(), read: () => Promise.resolve(structure) },
      { file, asked: null, sidecar: null },
      weights,
    );

/** Files of a folder that are looked into, and networks of a file that are tried. */
const MOST_FILES = 16;
const MOST_NETWORKS = 4;

/** One place to look: how it is told, and what is there. Reading it may throw a ConvLensError. */
interface Candidate {
  readonly source: string;
  /** Its files, once it was read; null where it is kept. */
  readonly files: Generation | null;
  read(): Promise<Structure | null>;
}

/** A file that is looked into; what is not taken may change. */
function inFile(file: string, source: string): Candidate {
  const files = new Generation();
  return { source, files, read: () => Promise.resolve().then(() => readStructure(file, files)) };
}

/** Throws a ConvLensError of kind `input` where what was asked for does not fit. */
export function structureFinder(places: Places): StructureFinder {
  return async (weights) => {
    if (places.asked !== null) return asked(places.asked, places, weights);
    const tried: string[] = [];
    const groups = [
      (): Promise<Candidate[]> => Promise.resolve(ofSidecar(places)),
      () => beside(places.file),
      () => kept(weights),
    ];
    for (const candidates of groups) {
      const found = await best(await candidates(), places, weights, tried);
      if (found) return found;
    }
    return { tried };
  };
}

async function asked(name: string, places: Places, weights: readonly StateDict[]): Promise<Match> {
  const candidate = inFile(name, `${plainText(path.basename(name))}, as asked for`);
  const structure = await candidate.read();
  if (!structure) throw new RangeError("a file is read or refused");
  return only(structure, candidate, places, weights);
}

async function only(
  structure: Structure,
  candidate: Candidate,
  places: Places,
  weights: readonly StateDict[],
): Promise<Match> {
  const tried: string[] = [];
  const found = await matched(structure, candidate, places, weights, tried);
  if (!found) throw inputError(tried[0] ?? `'${path.basename(places.file)}' holds no network.`);
  return accepted(found, candidate, places);
}

function ofSidecar({ sidecar, file }: Places): Candidate[] {
  if (sidecar === null) return [];
  const digest = /^sha256:([0-9a-f]{64})$/.exec(sidecar)?.[1];
  if (digest !== undefined)
    return [{ source: "kept, as the sidecar says", files: null, read: () => keptAs(digest) }];
  const folder = path.dirname(path.resolve(file));
  const named = path.resolve(folder, sidecar);
  if (path.dirname(named) !== folder)
    throw inputError(
      `The sidecar's structure '${sidecar}' lies outside of its folder; copy the file there.`,
    );
  return [inFile(named, `${plainText(sidecar)}, as the sidecar says`)];
}

/** Files of the same folder; the one of the same name first. */
async function beside(file: string): Promise<Candidate[]> {
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

async function kept(weights: readonly StateDict[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const one of weights.slice(0, MOST_NETWORKS))
    for (const structure of await keptFor(one))
      found.push({
        source: `${structure.name}, known from before`,
        files: null,
        read: () => Promise.resolve(structure),
      });
  return found;
}

/** The first that fits with all of its sizes, else the first that fits; one with the same numbers before both. */
async function best(
  candidates: readonly Candidate[],
  places: Places,
  weights: readonly StateDict[],
  tried: string[],
): Promise<Match | null> {
  const matches: { match: Match; candidate: Candidate }[] = [];
  for (const candidate of candidates) {
    const structure = await candidate.read().catch((error: unknown) => {
      tried.push(error instanceof Error ? error.message : String(error));
      return null;
    });
    if (!structure) continue;
    const match = await matched(structure, candidate, places, weights, tried);
    if (match) matches.push({ match, candidate });
  }
  const rank = ({ match: { confidence, fit: found } }: (typeof matches)[number]): number =>
    confidence === "exact" ? 0 : found.solved.length === 0 ? 1 : 2;
  // a .pt2 file has the example's sizes, where an ONNX file may leave free what the network does not work with
  const [first, ...others] = matches.sort(
    (a, b) =>
      rank(a) - rank(b) || Number(isOnnx(a.match.structure)) - Number(isOnnx(b.match.structure)),
  );
  for (const { match } of others) match.structure.close();
  if (!first) return null;
  const rivals = rank(first) === 0 ? [] : others.filter((one) => rank(one) === rank(first));
  const also = rivals.map(({ match }) => match.structure.name);
  return accepted({ ...first.match, also }, first.candidate, places);
}

const isOnnx = ({ name }: Structure): boolean => /\.onnx$/i.test(name);

/** The structure with the first network of the file that fits into it; else it is closed, and said why the likeliest does not. */
async function matched(
  structure: Structure,
  { source }: Candidate,
  { file }: Places,
  networks: readonly StateDict[],
  tried: string[],
): Promise<Match | null> {
  let why: string | null = null;
  try {
    for (const weights of networks.slice(0, MOST_NETWORKS)) {
      const found = fit(structure, weights.tensors);
      if (!isMisfit(found)) {
        const trust = await trustIn(structure, found, file);
        return { structure, fit: found, weights, source, ...trust, also: [] };
      }
      why ??= found.why;
    }
  } catch (error) {
    structure.close();
    throw error;
  }
  structure.close();
  if (why === null) return null;
  const cure = isOnnx(structure)
    ? " (an ONNX exporter may have renamed parameters, or folded them into others; a .pt2 file has them all)"
    : "";
  tried.push(`'${plainText(path.basename(file))}' does not fit ${structure.name}: ${why}${cure}.`);
  return null;
}

async function accepted(match: Match, candidate: Candidate, places: Places): Promise<Match> {
  if (candidate.files !== null) {
    places.used?.(candidate.files);
    await keep(match.structure, match.weights);
  }
  return match;
}
