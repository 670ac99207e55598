/** Sizes for networks that leave theirs free and do not run at the usual one: crops, frames and windows that need more cells. */
import type { ModelGraph } from "../graph/index.ts";
import type { InputSize } from "../base/preprocessing.ts";
import { isSizeAssumed, saidToFit } from "./input-size.ts";

/** By how many axes there are positions along: windows of sound, pictures and lines of text, volumes. */
const SIZES: Readonly<Record<number, readonly InputSize[]>> = {
  1: [512, 576, 1024, 2048, 4096, 8192, 10_240, 16_000, 32_000, 44_100, 65_536].map((n) => [n]),
  2: [[48, 320], [32, 128], [256], [64], [32], [96], [128], [288], [320], [384], [512], [640]],
  3: [[16, 112, 112], [64], [32], [96], [128]],
}; // prettier-ignore

/** Reasons that another size does not change. */
const WHATEVER_SIZE = /not supported|not understood|custom|code|not known|depends on/;
const unrun = ({ layers }: ModelGraph): number =>
  layers.filter(({ opaque }) => opaque !== null).length;
const isUnfit = (graph: ModelGraph): boolean =>
  isSizeAssumed(graph) &&
  graph.layers.some(({ opaque }) => opaque !== null && !WHATEVER_SIZE.test(opaque));

/**
 * `first`, read at the usual size, or the same file at the first of other sizes of which more layers run; those that are not taken are
 * closed.
 */
export async function atFittingSize(
  first: ModelGraph,
  again: (size: InputSize) => Promise<ModelGraph>,
): Promise<ModelGraph> {
  if (!isUnfit(first)) return first;
  let best = first;
  const [input] = first.inputs;
  for (const size of SIZES[Math.max(1, (input?.fileShape ?? input?.shape ?? []).length - 2)] ??
    []) {
    const other = await again(size);
    const worse = unrun(other) < unrun(best) ? best : other;
    best = worse === best ? other : best;
    worse.weights.close();
    if (!best.layers.some(({ opaque }) => opaque !== null && !WHATEVER_SIZE.test(opaque))) break;
  }
  return best === first ? best : { ...best, notes: best.notes.map(saidToFit) };
}
