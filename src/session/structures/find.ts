/** The structure of a file of weights: the one that was asked for, the sidecar's, one that lies beside, that is kept, or that ships with ConvLens. */
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { Generation } from "../../files/generation.ts";
import {
  fit,
  isMisfit,
  type Match,
  type NoMatch,
  type StateDict,
  type Structure,
  type StructureFinder,
} from "../../formats/index.ts";
import { keep } from "./cache.ts";
import { askedFor, beside, kept, ofLibrary, ofSidecar, type Candidate } from "./candidate.ts";
import { saidBeside, withSaid, type Said } from "./said.ts";
import { trustIn } from "./trust.ts";

/** Where to look. */
export interface Places {
  /** The file of weights. */
  readonly file: string;
  /** What a person asked for: a file, or a name. */
  readonly asked: string | null;
  /** What the sidecar says. */
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
      {
        source,
        name: structure.name,
        keys: null,
        files: new Generation(),
        read: () => Promise.resolve(structure),
      },
      { file, asked: null, sidecar: null },
      weights,
    );

/** Networks of a file that are tried. */
const MOST_NETWORKS = 4;

/** Throws a ConvLensError of kind `input` where what was asked for does not fit. */
export function structureFinder(places: Places): StructureFinder {
  return async (weights, own) => {
    const files = new Generation();
    const beside = await saidBeside(places.file, files);
    const said = [...(own === null ? [] : [{ by: "the file itself", values: own }]), ...beside];
    places.used?.(files);
    const found = await foundBy(places, weights, said);
    return "structure" in found ? { ...found, told: withSaid(found, said) } : found;
  };
}

async function foundBy(
  places: Places,
  weights: readonly StateDict[],
  said: readonly Said[],
): Promise<Match | NoMatch> {
  if (places.asked !== null) return asked(places.asked, places, weights);
  const tried: string[] = [];
  const networks = weights.slice(0, MOST_NETWORKS);
  const groups = [
    () => ofSidecar(places.file, places.sidecar),
    () => beside(places.file),
    () => kept(networks),
    () => ofLibrary(networks, said),
  ];
  for (const candidates of groups) {
    const found = await best(await candidates(), places, weights, tried);
    if (found) return found;
  }
  return { tried };
}

async function asked(name: string, places: Places, weights: readonly StateDict[]): Promise<Match> {
  const candidate = await askedFor(name);
  const structure = await candidate.read();
  if (!structure) throw inputError(`ConvLens keeps no structure '${name}' any more.`);
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

/** The first that fits with all of its sizes, else the first that fits; one with the same numbers before both. */
async function best(
  candidates: readonly Candidate[],
  places: Places,
  weights: readonly StateDict[],
  tried: string[],
): Promise<Match | null> {
  const matches: { match: Match; candidate: Candidate }[] = [];
  const twins: string[] = [];
  for (const candidate of candidates) {
    const structure = await readOr(candidate, matches, (why) => tried.push(why));
    if (structure === "twin") twins.push(candidate.name);
    if (structure === null || structure === "twin") continue;
    const match = await matched(structure, candidate, places, weights, tried);
    if (match) matches.push({ match, candidate });
  }
  const rank = ({ match: { confidence, fit: found } }: (typeof matches)[number]): number =>
    confidence === "exact" ? 0 : found.solved.length === 0 ? 1 : 2;
  // a .pt2 file has the example's sizes, where an ONNX file may leave free what the network does not work with
  const [first, ...later] = matches.sort(
    (a, b) =>
      rank(a) - rank(b) || Number(isOnnx(a.match.structure)) - Number(isOnnx(b.match.structure)),
  );
  for (const { match } of later) match.structure.close();
  if (!first) return null;
  // of the library's only numbers of classes and channels may differ, and these tell nothing
  const isRival = (one: (typeof matches)[number]): boolean =>
    one.candidate.files === null || rank(one) === rank(first);
  const rivals = [...later.filter(isRival).map(({ candidate: { name } }) => name), ...twins];
  const names = rank(first) > 0 && rivals.length > 0 ? [first.candidate.name, ...rivals] : [];
  return accepted({ ...first.match, candidates: names }, first.candidate, places);
}

/** The structure of a candidate; null where it cannot be read; `twin` where what fits is known without: one of the same keys does. */
async function readOr(
  candidate: Candidate,
  matches: readonly { readonly candidate: Candidate }[],
  refused: (why: string) => void,
): Promise<Structure | "twin" | null> {
  try {
    candidate.check?.();
    const { keys } = candidate;
    if (keys !== null && matches.some((one) => one.candidate.keys === keys)) return "twin";
    return await candidate.read();
  } catch (error) {
    refused(error instanceof Error ? error.message : String(error));
    return null;
  }
}

const isOnnx = ({ name }: Structure): boolean => /\.onnx$/i.test(name);

/** The structure with the first network of the file that fits into it; else it is closed, and said why the likeliest does not. */
async function matched(
  structure: Structure,
  { source, networks: renamed, assumed = [] }: Candidate,
  { file }: Places,
  networks: readonly StateDict[],
  tried: string[],
): Promise<Match | null> {
  let why: string | null = null;
  try {
    for (const weights of (renamed ?? networks).slice(0, MOST_NETWORKS)) {
      const found = fit(structure, weights.tensors);
      if (!isMisfit(found)) {
        const trust = await trustIn(structure, found, file);
        const all = [...trust.assumed, ...assumed];
        return { structure, fit: found, weights, source, ...trust, assumed: all, candidates: [] };
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
  const told = await candidate.told?.(match);
  return { ...match, ...(told && { told }) };
}
