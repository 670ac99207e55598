import { localScorer } from "./local/scorer.ts";
import { withPixels, type Pixel } from "./pixels.ts";
import { candidateScorer, type CandidateScore } from "./score.ts";
import type { AttackRequest } from "./types.ts";

/** Scores pictures that differ from the attacked one in a few pixels each. */
export type PixelScorer = (candidates: readonly (readonly Pixel[])[]) => Promise<CandidateScore[]>;

/**
 * Compiles what candidates of `pixels` changed pixels need: for one pixel, only what it can change is computed where that is less
 * work. `whole` scores any inputs.
 */
export async function pixelScorer(
  { subject, scores, input, scaling }: AttackRequest,
  watched: number,
  pixels: number,
): Promise<{ score: PixelScorer; whole: Awaited<ReturnType<typeof candidateScorer>> }> {
  const whole = await candidateScorer(subject, scores, watched);
  const local = pixels === 1 ? await localScorer(subject, scores, watched, input, scaling) : null;
  const score: PixelScorer = (candidates) =>
    local ? local.score(candidates.flat()) : whole(withPixels(input, candidates, scaling));
  return { score, whole };
}
