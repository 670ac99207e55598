import { at } from "../base/at.ts";
import type { ScriptLayer } from "../shared/contract/code.ts";
import type { LayerSummary } from "../shared/contract/model.ts";
import { sameKind, sizeDoubt } from "./kinds.ts";

type Pair = readonly [ScriptLayer, LayerSummary];
/** Longer ones would take a table of more than 64 MB. */
const MOST_CELLS = 16_000_000;

/**
 * Pairs layers of the code with layers of the file. Pairs that are `given` stand; the rest is the best common subsequence (Needleman and Wunsch
 * 1970) between the given ones: same kind, and better with the same number of filters. Layers of other sizes are never paired by order alone.
 */
export function align(
  code: readonly ScriptLayer[],
  layers: readonly LayerSummary[],
  given: ReadonlyMap<ScriptLayer, { readonly layer: LayerSummary }>,
): Pair[] {
  const taken = new Set([...given.values()].map(({ layer }) => layer));
  const pairs: Pair[] = [...given].map(([script, { layer }]) => [script, layer]);
  const rest = code.filter((script) => !given.has(script));
  const free = layers.filter((layer) => !taken.has(layer));
  if (rest.length * free.length > MOST_CELLS) return pairs;
  const anchors = anchorsOf(code, layers, given);
  const agreement = (script: ScriptLayer, layer: LayerSummary): number => {
    if (!sameKind(script, layer) || sizeDoubt(script, layer) !== null) return 0;
    if (!anchors(script, layer)) return 0;
    return script.filters === null ? 1 : 3;
  };
  pairs.push(...commonSubsequence(rest, free, agreement));
  const place = new Map(code.map((script, i) => [script, i]));
  return pairs.sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

/** Whether a pair stands between the same given pairs in the code and in the file. */
function anchorsOf(
  code: readonly ScriptLayer[],
  layers: readonly LayerSummary[],
  given: ReadonlyMap<ScriptLayer, { readonly layer: LayerSummary }>,
): (script: ScriptLayer, layer: LayerSummary) => boolean {
  const inCode = new Map(code.map((script, i) => [script, i]));
  const inFile = new Map(layers.map((layer, i) => [layer, i]));
  const fixed = [...given].map(
    ([script, { layer }]) => [inCode.get(script) ?? 0, inFile.get(layer) ?? 0] as const,
  );
  return (script, layer) => {
    const [at, there] = [inCode.get(script) ?? 0, inFile.get(layer) ?? 0];
    return fixed.every(([a, b]) => a < at === b < there);
  };
}

function commonSubsequence<A, B>(
  left: readonly A[],
  right: readonly B[],
  worth: (a: A, b: B) => number,
): (readonly [A, B])[] {
  const width = right.length + 1;
  const best = new Float32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const value = worth(left[i] as A, right[j] as B);
      const paired = value > 0 ? value + at(best, (i + 1) * width + j + 1) : 0;
      best[i * width + j] = Math.max(
        paired,
        at(best, (i + 1) * width + j),
        at(best, i * width + j + 1),
      );
    }
  const pairs: (readonly [A, B])[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [a, b] = [left[i] as A, right[j] as B];
    const value = worth(a, b);
    const here = at(best, i * width + j);
    if (value > 0 && here === value + at(best, (i + 1) * width + j + 1)) {
      pairs.push([a, b]);
      i++;
      j++;
    } else if (here === at(best, (i + 1) * width + j)) i++;
    else j++;
  }
  return pairs;
}
