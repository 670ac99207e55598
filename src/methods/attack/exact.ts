import type { Control } from "../../shared/control.ts";
import { breathe, usageError } from "../../base/errors.ts";
import { pixelScorer } from "./candidates.ts";
import { achieved, directionOf, isBetter, requireCorrect, watchedBy } from "./rules.ts";
import { withPixels, type Pixel } from "./pixels.ts";
import type { CandidateScore } from "./score.ts";
import type { AttackRequest, AttackResult } from "./types.ts";

/** Above this many pixels an exhaustive search takes hours; differential evolution is the way there. */
const MOST_PIXELS = 128 * 128;
/** The corners of the RGB cube: each channel 0 or 255. */
export const CORNERS: readonly Pixel["rgb"][] = Array.from({ length: 8 }, (_, i) => [
  i & 4 ? 255 : 0,
  i & 2 ? 255 : 0,
  i & 1 ? 255 : 0,
]);

/**
 * Every corner of the RGB cube at every pixel, 8 H W candidates: exact over those colours (corners are not proven optimal in
 * general). Only what a pixel can change is computed where that is less work. Gives the vulnerability of every pixel. Throws a
 * ConvLensError of kind `usage` for large inputs.
 */
export async function exactAttack(request: AttackRequest): Promise<AttackResult> {
  const { input, goal, batch, context } = request;
  const [, height = 1, width = 1] = input.shape;
  if (height * width > MOST_PIXELS)
    throw usageError(
      `An exact attack tries every pixel and is meant for inputs up to 128 x 128; this one is ${height} x ${width}: use --method de, or --method screen for a preview.`,
    );
  const { score: scoreAll, whole } = await pixelScorer(request, watchedBy(goal), 1);
  const before = await requireCorrect(request, whole);
  const every = Array.from({ length: height * width }, (_, i) => ({
    y: Math.floor(i / width),
    x: i % width,
  }));
  const score = (pixels: readonly Pixel[]): Promise<CandidateScore[]> =>
    scoreAll(pixels.map((pixel) => [pixel]));
  return tryCorners({ request, before, score, places: every, batch, context });
}

interface Trial {
  readonly request: AttackRequest;
  readonly before: CandidateScore;
  readonly score: (pixels: readonly Pixel[]) => Promise<CandidateScore[]>;
  readonly places: readonly { readonly y: number; readonly x: number }[];
  readonly batch: number;
  readonly context: Control;
}

/** All corners at some positions. The map holds the best probability of each, and that of before where nothing was tried. */
export async function tryCorners(trial: Trial): Promise<AttackResult> {
  const { request, before, score, places, batch, context } = trial;
  const { input, scaling, goal } = request;
  const [, height = 1, width = 1] = input.shape;
  const nearer = (a: number, b: number): boolean => (directionOf(goal) < 0 ? a < b : a > b);
  const map = new Float32Array(height * width).fill(before.probability);
  let leader: { pixels: readonly Pixel[]; score: CandidateScore } = { pixels: [], score: before };
  const atOnce = Math.max(1, Math.floor(batch / CORNERS.length));
  let evaluations = 0;
  for (let from = 0; from < places.length; from += atOnce) {
    const here = places.slice(from, from + atOnce);
    const pixels = here.flatMap((at) => CORNERS.map((rgb) => ({ ...at, rgb })));
    const scored = await score(pixels);
    scored.forEach((own, i) => {
      const { x = 0, y = 0 } = pixels[i] ?? {};
      const at = y * width + x;
      if (i % CORNERS.length === 0 || nearer(own.probability, map[at] ?? NaN))
        map[at] = own.probability;
      if (leader.pixels.length === 0 || isBetter(own, leader.score, goal))
        leader = { pixels: pixels.slice(i, i + 1), score: own };
    });
    evaluations += pixels.length;
    request.onBest?.({ ...leader, evaluations });
    context.progress({ fraction: Math.min(1, (from + atOnce) / places.length) });
    await breathe(context.signal);
  }
  return {
    ...leader,
    evaluations,
    success: achieved(leader.score, before, goal),
    before,
    image: withPixels(input, [leader.pixels], scaling),
    map: { dtype: "float32", shape: [height, width], data: map },
  };
}
