/** One attempt: number `i` of a target with a seed is the same file in every run. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { absurd, limitAllocations } from "./allocations.ts";
import { exercise, type Outcome } from "./exercise.ts";
import { mutate } from "./mutate/bytes.ts";
import { Random } from "./random.ts";
import { filesIn, inFolder, type Target } from "./targets.ts";

export interface Attempt {
  readonly target: Target;
  readonly seeds: readonly string[];
  readonly seed: number;
  readonly index: number;
  /** An empty folder that is used again and again. */
  readonly work: string;
}

/** What a file may ask for in one piece: an inflated member, 100 megapixels of a picture, not what a header declares. */
const ALLOWED_BYTES = { model: 64 * 2 ** 20, array: 64 * 2 ** 20, picture: 512 * 2 ** 20 };
const ALLOWED_CPU_SECONDS = 3;
const ALLOWED_RESIDENT = 256 * 2 ** 20;

const contents = new Map<string, Buffer>();
const read = (file: string): Buffer => {
  const known = contents.get(file) ?? readFileSync(file);
  contents.set(file, known);
  return known;
};

/** Writes the changed file or folder and returns its path. */
export function makeFile({ target, seeds, seed, index, work }: Attempt): string {
  const random = new Random(seed, target.name, index);
  const original = random.pick(seeds);
  const others = [original, random.pick(seeds)].map(read).filter(({ length }) => length > 0);
  const place = placeOf(target, original, work);
  const inside = inFolder(target) ? filesIn(place) : [];
  const main = path.join(place, inFolder(target) ? path.basename(original) : nameFor(original));
  const file = inside.length === 0 || random.chance(0.7) ? main : random.pick(inside);
  const before = inFolder(target) ? readFileSync(file) : read(original);
  writeFileSync(file, mutate(before, random, others, target.mutations(file)));
  last.set(work, { place, file, before: inFolder(target) ? before : null });
  return target.name === "savedmodel" ? place : main;
}
const nameFor = (original: string): string => `fuzzed${path.extname(original)}`;

/** What lies in a working folder: making and removing folders takes longer than most of the rest. */
interface Left {
  readonly place: string;
  readonly file: string;
  /** What the file was in a copied folder. */
  readonly before: Buffer | null;
}
const last = new Map<string, Left>();

/** An empty folder, or a copy of the original's; that of the last attempt as it was before. */
function placeOf(target: Target, original: string, work: string): string {
  const from = path.dirname(original);
  const place = inFolder(target) ? path.join(work, path.basename(from)) : work;
  const left = last.get(work);
  if (left?.place === place) {
    if (left.before) writeFileSync(left.file, left.before);
    else rmSync(left.file, { force: true });
    return place;
  }
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  if (inFolder(target)) cpSync(from, place, { recursive: true });
  return place;
}

export async function attempt(one: Attempt): Promise<Outcome> {
  const file = makeFile(one);
  limitAllocations(ALLOWED_BYTES[one.target.kind]);
  const [cpu, { maxRSS }] = [process.cpuUsage(), process.resourceUsage()];
  const outcome = await exercise(one.target.kind, file, new Random(one.seed, "use", one.index));
  if (typeof outcome === "object") return outcome;
  const [first] = absurd();
  if (first !== undefined) return { what: first, stack: "" };
  const used = process.cpuUsage(cpu);
  const seconds = (used.user + used.system) / 1e6;
  if (seconds > ALLOWED_CPU_SECONDS) return { what: `took ${seconds.toFixed(1)} s`, stack: "" };
  const grown = (process.resourceUsage().maxRSS - maxRSS) * 1024;
  if (grown > ALLOWED_RESIDENT)
    return { what: `took ${(grown / 2 ** 20).toFixed(0)} MB`, stack: "" };
  return outcome;
}
