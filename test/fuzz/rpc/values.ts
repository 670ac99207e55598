/** What a page that was taken over might put into a message. */
import type { Random } from "../random.ts";

/** Real places of the run: those that a person chose, and those that nobody did. */
export interface Places {
  readonly model: string;
  readonly other: string;
  readonly checkpoint: string;
  readonly picture: string;
  readonly array: string;
  readonly folder: string;
  /** In the workspace, and so free to be dropped. */
  readonly dropped: string;
  /** Files and folders that are there and that nobody chose. */
  readonly foreign: readonly string[];
}

const TEXTS: readonly string[] = [
  ...["", ".", "..", "/", "~", "auto", "top", "conv", "__proto__", "constructor", "toString"],
  ...["../../../../etc/passwd", "file:///etc/passwd", "\\\\host\\share\\x.png", "C:\\x.png"],
  ...["a\0b", "\u202egnp.exe", "\ud800", "x".repeat(70_000), "{0}", "$(rm)", "%2e%2e%2f"],
  ...["conv:0", "conv:0*1e999", "((((((", "class:1 - class:2", "command:workbench.action.quit"],
];
const NUMBERS: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, 2, 7, 255, 1e3, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 1e308],
  ...[NaN, Infinity, -Infinity, 5e-324],
];

/** A value of any type. */
export function anything(random: Random, places: Places, depth = 3): unknown {
  const leaf = random.below(depth > 0 ? 12 : 9);
  if (leaf < 2) return random.pick(TEXTS);
  if (leaf < 4) return random.pick(NUMBERS);
  if (leaf === 4) return random.pick([null, undefined, true, false]);
  if (leaf === 5) return random.pick(places.foreign);
  if (leaf === 6) return random.pick([places.picture, places.model, places.folder, places.array]);
  if (leaf === 7) return new TextEncoder().encode(random.pick(places.foreign));
  if (leaf === 8) return random.pick([new Float32Array(4), new Date(NaN), new Map(), 7n]);
  const size = random.below(4);
  const inner = (): unknown => anything(random, places, depth - 1);
  if (leaf === 9) return Array.from({ length: size }, inner);
  const keys = ["image", "path", "model", "question", "length", "__proto__", "then", "0"];
  return Object.fromEntries(Array.from({ length: size }, () => [random.pick(keys), inner()]));
}

/** The same with some of its parts exchanged for others, of their type or of any. */
export function twisted(value: unknown, random: Random, places: Places): unknown {
  if (random.chance(0.06)) return anything(random, places);
  if (typeof value === "string" && random.chance(0.15))
    return random.pick(random.chance(0.5) ? TEXTS : places.foreign);
  if (typeof value === "number" && random.chance(0.2)) return random.pick(NUMBERS);
  if (Array.isArray(value)) {
    const all: unknown[] = value.map((one: unknown) => twisted(one, random, places));
    return random.chance(0.05) ? [...all, ...all, anything(random, places)] : all;
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value)
    .filter(() => !random.chance(0.03))
    .map(([key, one]) => [key, twisted(one, random, places)] as const);
  if (random.chance(0.05)) entries.push(["model", random.pick(places.foreign)]);
  return Object.fromEntries(entries);
}
