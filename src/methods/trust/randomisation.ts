import type { Sanity, SanityStage } from "../../shared/contract/trust.ts";
import type { Control } from "../../shared/control.ts";
import { breathe } from "../../base/errors.ts";
import type { Scores, Subject } from "../types.ts";
import { parametersOf, shuffledWeights } from "./shuffled.ts";
import { rankCorrelation, ssim } from "./similarity.ts";

/** Stages of the cascade; few layers have as many as there are. */
const STAGES = 8;
/** Below this mean rank correlation a map is another, above the second it is the same. */
const [ANOTHER, ALIKE] = [0.3, 0.7];

/** The map of a network for the picture in question, [H * W]. */
export type MapOf = (subject: Subject, scores: Scores, control: Control) => Promise<Float32Array>;

/**
 * Cascading randomisation (Adebayo et al. 2018): the map is made again with the weights of more and more layers shuffled, from the
 * last downwards, and its magnitude compared with the network's own. Stages take 1 layer, then geometrically more, up to all.
 */
export async function sanityCheck(
  { subject, scores }: { readonly subject: Subject; readonly scores: Scores },
  mapOf: MapOf,
  size: readonly [number, number],
  seed: number,
  control: Control,
  soFar: (stages: readonly SanityStage[]) => void,
): Promise<Omit<Sanity, "engine" | "seconds">> {
  const quiet = { ...control, progress: () => undefined };
  const own = magnitude(await mapOf(subject, scores, quiet));
  const stages: SanityStage[] = [{ downTo: null, layers: 0, rankCorrelation: 1, ssim: 1 }];
  const parameters = parametersOf(scores.graph, scores.logits);
  const counts = stageSizes(parameters.length);
  for (const [i, layers] of counts.entries()) {
    const shuffled = parameters.slice(0, layers);
    const refs = shuffled.flatMap((layer) => layer.refs);
    const weights = shuffledWeights(scores.graph.weights, refs, seed);
    const graph = { ...scores.graph, weights };
    try {
      const stage = { ...subject, graph: { ...subject.graph, weights } };
      const map = magnitude(await mapOf(stage, { ...scores, graph }, quiet));
      stages.push({
        downTo: shuffled.at(-1)?.layer ?? null,
        layers,
        rankCorrelation: rankCorrelation(own, map),
        ssim: ssim(own, map, size),
      });
    } finally {
      subject.engine.release(graph);
    }
    soFar(stages);
    control.progress({ fraction: (i + 1) / counts.length });
    await breathe(control.signal);
  }
  return { stages, seed, ...verdictOf(stages) };
}

/** 1, then geometrically more, up to all `layers`. */
export function stageSizes(layers: number): number[] {
  const sizes = Array.from({ length: STAGES }, (_, k) => Math.round(layers ** (k / (STAGES - 1))));
  return layers <= STAGES ? Array.from({ length: layers }, (_, i) => i + 1) : [...new Set(sizes)];
}

/** Shuffled weights can overflow: what is not a number says nothing. */
const magnitude = (map: Float32Array): Float32Array =>
  map.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0));

/** A map that does not depend on the last layers cannot tell why they chose a class: every stage counts, not only the last. */
function verdictOf(stages: readonly SanityStage[]): Pick<Sanity, "verdict" | "meaning"> {
  const [, ...shuffled] = stages;
  const sum = shuffled.reduce((total, stage) => total + stage.rankCorrelation, 0);
  const mean = sum / Math.max(1, shuffled.length);
  const alike = `mean rank correlation ${mean.toFixed(2)}`;
  if (mean < ANOTHER)
    return {
      verdict: "passed",
      meaning: `With weights shuffled the map becomes another (${alike}): it depends on what the network learned.`,
    };
  return mean < ALIKE
    ? {
        verdict: "doubtful",
        meaning: `With weights shuffled the map stays partly alike (${alike}): a part of it is the picture, not what the network learned.`,
      }
    : {
        verdict: "failed",
        meaning: `With weights shuffled the map stays alike (${alike}): it shows the picture, not what the network learned.`,
      };
}
