import { breathe, usageError } from "../../shared/errors.ts";
import { isBetter, requireCorrect, succeeded } from "./rules.ts";
import { withPixels, type Pixel } from "./pixels.ts";
import { candidateScorer, type CandidateScore } from "./score.ts";
import type { AttackRequest, AttackResult } from "./types.ts";

/** Above this many pixels an exhaustive search takes hours; differential evolution is the way there. */
const MOST_PIXELS = 128 * 128;
const CORNERS: readonly Pixel["rgb"][] = Array.from({ length: 8 }, (_, i) => [
  i & 4 ? 255 : 0,
  i & 2 ? 255 : 0,
  i & 1 ? 255 : 0,
]);

/**
 * Every corner of the RGB cube at every pixel, 8 H W candidates: exact over those colours (corners are not proven optimal in
 * general). Gives the vulnerability of every pixel. Throws a ConvLensError of kind `usage` for large inputs.
 */
export async function exactAttack(request: AttackRequest): Promise<AttackResult> {
  const { subject, scores, input, scaling, target, trueClass, batch, context } = request;
  const [, height = 1, width = 1] = input.shape;
  if (height * width > MOST_PIXELS)
    throw usageError(
      `An exact attack tries every pixel and is meant for inputs up to 128 x 128; this one is ${height} x ${width}: use --method de.`,
    );
  const score = await candidateScorer(subject, scores, target ?? trueClass);
  const before = await requireCorrect(request, score);
  const lower = (a: number, b: number): boolean => (target === null ? a < b : a > b);
  const map = new Float32Array(height * width).fill(target === null ? Infinity : -Infinity);
  let leader: { pixels: readonly Pixel[]; score: CandidateScore } = { pixels: [], score: before };
  const total = CORNERS.length * height * width;
  for (let from = 0; from < total;) {
    const count = Math.min(batch, total - from);
    const candidates = Array.from({ length: count }, (_, i) => [candidate(from + i, width)]);
    const scored = await score(withPixels(input, candidates, scaling));
    scored.forEach((own, i) => {
      const at = Math.floor((from + i) / CORNERS.length);
      if (lower(own.probability, map[at] ?? NaN)) map[at] = own.probability;
      const first = leader.pixels.length === 0;
      if (first || isBetter(own, leader.score, request))
        leader = { pixels: candidates[i] ?? [], score: own };
    });
    from += count;
    request.onBest?.({ ...leader, evaluations: from });
    context.progress({ fraction: from / total });
    await breathe(context.signal);
  }
  return {
    ...leader,
    evaluations: total,
    success: succeeded(leader.score, request),
    before,
    image: withPixels(input, [leader.pixels], scaling),
    map: { dtype: "float32", shape: [height, width], data: map },
  };
}

function candidate(index: number, width: number): Pixel {
  const at = Math.floor(index / CORNERS.length);
  return {
    x: at % width,
    y: Math.floor(at / width),
    rgb: CORNERS[index % CORNERS.length] ?? [0, 0, 0],
  };
}
