import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { ascent } from "../maximize/ascent.ts";
import { encode, withPixels, type Pixel } from "./pixels.ts";
import { CORNERS, tryCorners } from "./exact.ts";
import about from "./screen/about.ts";
import { directionOf, requireCorrect, watchedBy } from "./rules.ts";
import { candidateScorer } from "./score.ts";
import type { AttackRequest, AttackResult } from "./types.ts";

/**
 * The `count` pixels whose colour the gradient says to matter most, each with all 8 corners of RGB: a preview of the exact attack
 * for large inputs, no proof, since a change of a whole pixel is large and the gradient is local. Pixels are ranked by the largest
 * first-order change of the margin between the watched class and its strongest rival, of one without rivals of its own score.
 */
export async function screenAttack(
  request: AttackRequest,
  count: number = about.options.top.usual,
): Promise<AttackResult & { readonly tried: number }> {
  const { subject, scores, input, scaling, goal, batch, context } = request;
  const [, height = 1, width = 1, channels = 1] = input.shape;
  const watched = watchedBy(goal);
  const whole = await candidateScorer(subject, scores, watched);
  const before = await requireCorrect(request, whole);
  const slope = await marginGradient(request, watched);
  const wanted = directionOf(goal);
  const corners = CORNERS.map((rgb) => encode(rgb, scaling, channels));
  const promise = (at: number): number =>
    Math.max(
      ...corners.map((colour) =>
        colour.reduce((sum, value, k) => {
          const i = at * channels + k;
          return sum + wanted * (slope[i] ?? NaN) * (value - (input.data[i] ?? NaN));
        }, 0),
      ),
    );
  const promises = Float32Array.from({ length: height * width }, (_, at) => promise(at));
  const places = [...promises.keys()]
    .sort((a, b) => at(promises, b) - at(promises, a))
    .slice(0, count)
    .map((at) => ({ y: Math.floor(at / width), x: at % width }));
  const score = (pixels: readonly Pixel[]): ReturnType<typeof whole> => {
    const rows: FloatTensor = withPixels(
      input,
      pixels.map((pixel) => [pixel]),
      scaling,
    );
    return whole(rows);
  };
  const result = await tryCorners({ request, before, score, places, batch, context });
  return { ...result, tried: places.length };
}

/** Gradient of the watched class' logit minus that of its strongest rival, where there is one, [H, W, C]. */
async function marginGradient(request: AttackRequest, watched: number): Promise<Float32Array> {
  const { subject, scores, input, context } = request;
  const [, height = 1, width = 1, channels = 1] = input.shape;
  const rival = await strongestRival(request, watched);
  const climb = await ascent({
    ...{ subject, scores, context, steps: null, seed: 0, size: [height, width, channels] },
    range: { min: [], max: [] },
    objectives: [
      [
        { weight: 1, term: { kind: "class", index: watched } },
        ...(rival === null ? [] : [{ weight: -1, term: { kind: "class", index: rival } as const }]),
      ],
    ],
  });
  return (await climb(input)).gradient;
}

async function strongestRival(
  { subject: { engine }, scores, input }: AttackRequest,
  watched: number,
): Promise<number | null> {
  if (scores.binary) return 1 - watched;
  if (scores.classes === 1) return null;
  const inputs = scores.graph.inputs.map(({ node }) => node);
  const program = await engine.compile(scores.graph, inputs, [scores.logits]);
  const [logits] = await program.run([input]);
  let best = watched === 0 ? 1 : 0;
  logits?.data.forEach((value, index) => {
    if (index !== watched && value > (logits.data[best] ?? -Infinity)) best = index;
  });
  return best;
}
