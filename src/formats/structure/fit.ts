/** Whether a state dict is that of a structure: every tensor has its place, and every place its tensor. */
import { at } from "../../base/at.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import type { Place, Poured, Solved, Structure } from "./structure.ts";
import { zeroCounter } from "./memory.ts";
import { pairings, type Pairing } from "./prefixes.ts";

/** How a state dict goes into a structure, and what of it goes nowhere (`left`: loss functions, averaged copies). */
export interface Fit extends Poured {
  /** What stands before every key in the file, and before every key in the structure. */
  readonly pairing: Pairing;
  readonly left: readonly string[];
}
/** What does not fit, as the end of a sentence; `placed` of `places` found their tensor. */
export interface Misfit {
  readonly why: string;
  readonly placed: number;
}
export const isMisfit = (found: Fit | Misfit): found is Misfit => "why" in found;

/** What training scripts save beside the network, under the same roof. */
const BESIDE =
  /^(module\.|_orig_mod\.)*(criterion|loss\w*|\w*_loss|\w*metrics?|ema\w*|model_ema|\w+_ema|teacher\w*)\./;
/** Counters of steps: kept by batch normalization and averaged copies, and read by nobody. */
const COUNTER = /(^|\.)(num_batches_tracked|n_averaged)$/;
/** Whether a key is that of a counter of steps, which some files lack. */
export const isCounter = (key: string): boolean => COUNTER.test(key);

/** The state dict in its places, or the first thing that does not fit. */
export function fit(structure: Structure, weights: readonly StoredTensor[]): Fit | Misfit {
  const places = structure.placesFor(weights);
  const keys = places.filter(({ kept, key }) => !kept && !isCounter(key)).map(({ key }) => key);
  let best: Misfit = { why: `no key of the file is one of ${structure.name}`, placed: 0 };
  for (const pairing of pairings(
    weights.map(({ name }) => name),
    keys,
  )) {
    const found = placed(structure.name, places, weights, pairing);
    if (!isMisfit(found)) return found;
    if (found.placed > best.placed) best = found;
  }
  return best;
}

function placed(
  name: string,
  places: readonly Place[],
  weights: readonly StoredTensor[],
  pairing: Pairing,
): Fit | Misfit {
  const byKey = new Map(weights.map((tensor) => [tensor.name, tensor]));
  const tensors = new Map<string, StoredTensor>();
  const solved: Solved[] = [];
  const used = new Set<string>();
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const { key, shape, type, kept, fixed = false } of places) {
    const inFile = pairing.inFile(key);
    const tensor = inFile === null ? undefined : byKey.get(inFile);
    if (inFile === null || !tensor) {
      if (kept) tensors.set(key, kept);
      else if (isCounter(key)) tensors.set(key, zeroCounter(key));
      else missing.push(inFile ?? key);
      continue;
    }
    used.add(inFile);
    const own = differing(shape, tensor.shape);
    const sizes = own && own.length > 0 && (fixed || kept) ? null : own;
    if (sizes === null || isWhole(type) !== isWhole(tensor.type))
      wrong.push(
        `'${inFile}' is ${described(tensor)} in the file and ${described({ shape, type })} in ${name}`,
      );
    solved.push(...(sizes ?? []).map((size) => ({ key, ...size })));
    tensors.set(key, tensor);
  }
  const count = used.size;
  const needed = places.filter(({ kept }) => !kept).length;
  const misfit = (why: string): Misfit => ({ why, placed: count });
  if (missing.length > 0)
    return misfit(
      `the file has no '${at(missing, 0)}', which ${name} needs (${missing.length} of ${needed} are missing)`,
    );
  if (wrong.length > 0)
    return misfit(`${at(wrong, 0)} (${wrong.length} of ${needed} shapes differ)`);
  const others = weights.filter(({ name: key }) => !used.has(key) && !isCounter(key));
  const left = others.map(({ name: key }) => key);
  const homeless = left.filter((key) => !BESIDE.test(key));
  if (homeless.length > 0)
    return misfit(
      `${name} has no place for '${at(homeless, 0)}' (${homeless.length} of ${weights.length} tensors of the file)`,
    );
  const madeUp = new Map(places.flatMap(({ key, madeUp: own }) => (own ? [[key, own]] : [])));
  return { tensors, solved, madeUp, pairing, left };
}

const isWhole = (type: string): boolean => /^(u?int|bool)/.test(type);
const described = ({ shape, type }: Pick<StoredTensor, "shape" | "type">): string =>
  `[${shape.join(", ")}]${isWhole(type) ? ` of ${type}` : ""}`;

/**
 * Sizes that differ and may: numbers of outputs and inputs of a layer. Null where the shapes cannot be those of one layer: another rank, or
 * another window of a kernel, for which the structure's padding was not made.
 */
function differing(
  shape: readonly number[],
  own: readonly number[],
): readonly { readonly from: number; readonly to: number }[] | null {
  if (shape.length !== own.length) return null;
  const pairs = shape.map((from, axis) => ({ from, to: at(own, axis) }));
  const window = shape.length > 2 ? pairs.slice(2) : [];
  if (window.some(({ from, to }) => from !== to) || own.includes(0)) return null;
  return pairs.filter(({ from, to }) => from !== to);
}
