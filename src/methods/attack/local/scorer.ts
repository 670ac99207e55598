/** Scores pictures with one changed pixel by running only what that pixel can change. */
import { at } from "../../../base/at.ts";
import type { Program } from "../../../engine/types.ts";
import type { NodeId } from "../../../graph/index.ts";
import type { PixelScaling } from "../../../base/preprocessing.ts";
import { asFloats, floats, type FloatTensor } from "../../../base/tensor.ts";
import { forward } from "../../forward.ts";
import { rowsAtOnce } from "../../batching.ts";
import type { Scores, Subject } from "../../types.ts";
import { encode, type Pixel } from "../pixels.ts";
import { candidateScores, type CandidateScore } from "../score.ts";
import { around, wholeMap } from "./crops.ts";
import { chooseCut, type Box } from "./cut.ts";
import { stages, type Stage } from "./program.ts";

/** Scores candidates of one pixel by the part of the network that the pixel can change. */
export interface LocalScorer {
  /** The node up to which only what can change is computed, and by how many times that is less work, by estimate. */
  readonly cut: NodeId;
  readonly gain: number;
  /** Scores pictures that differ from the input in one pixel each. */
  score(pixels: readonly Pixel[]): Promise<CandidateScore[]>;
}

/**
 * Prepares `input` [1, H, W, C]; null where following a pixel pays nowhere in the network. What comes out is what a whole pass
 * gives, to float32's rounding: patches are computed with what was there around them, pasted into the maps of the picture as it
 * was, and the rest of the network runs as always.
 */
export async function localScorer(
  subject: Pick<Subject, "engine">,
  scores: Scores,
  classIndex: number,
  input: FloatTensor,
  scaling: PixelScaling,
  choose: typeof chooseCut = chooseCut,
): Promise<LocalScorer | null> {
  const { graph, logits } = scores;
  const [spec, ...others] = graph.inputs;
  const followed = spec && others.length === 0 ? choose(graph, spec.node, logits) : null;
  if (!spec || !followed) return null;
  const { cut, gain, boxes } = followed;
  const local = stages(graph, followed);
  const programs: (Stage & { readonly program: Program })[] = [];
  for (const stage of local.stages) {
    const feeds = stage.feeds.map(({ id }) => id);
    const program = await subject.engine.compile(local.graph, feeds, [stage.result]);
    programs.push({ ...stage, program });
  }
  const head = await subject.engine.compile(graph, [cut], [logits]);
  const kept = local.stages.map(({ of }) => of);
  const values = await forward({ ...subject, graph }, [input], kept);
  const clean = new Map<NodeId, FloatTensor>([[spec.node, input]]);
  kept.forEach((id, i) => clean.set(id, values[i] ?? input));
  const known = <T>(of: ReadonlyMap<NodeId, T>, id: NodeId): T =>
    of.get(id) ?? fail(`nothing is known of '${id}'`);
  const channels = at(input.shape, 3);

  const scoreSome = async (pixels: readonly Pixel[]): Promise<CandidateScore[]> => {
    const colours = new Float32Array(pixels.length * channels);
    pixels.forEach(({ rgb }, row) => {
      colours.set(encode(rgb, scaling, channels), row * channels);
    });
    const patches = new Map([[spec.node, floats([pixels.length, 1, 1, channels], colours)]]);
    const surrounded = (id: NodeId, region: Box, outside: number): FloatTensor => {
      const box = known(boxes, id);
      return around(known(clean, id), known(patches, id), box, region, outside, pixels);
    };
    for (const { of, feeds, program } of programs) {
      const fed = feeds.map(({ of: id, region, outside }) =>
        region ? surrounded(id, region, outside) : known(patches, id),
      );
      const [made] = await program.run(fed);
      patches.set(of, asFloats(made ?? fail("the engine returned no patches")));
    }
    const [rows] = await head.run([
      surrounded(cut, wholeMap(known(clean, cut), known(boxes, cut)), 0),
    ]);
    return candidateScores(
      scores,
      classIndex,
      asFloats(rows ?? fail("the engine returned no logits")),
    );
  };
  const all = [head, ...programs.map(({ program }) => program)];
  const score = async (pixels: readonly Pixel[]): Promise<CandidateScore[]> => {
    const scored: CandidateScore[] = [];
    const atOnce = rowsAtOnce(subject.engine, all, pixels.length);
    for (let first = 0; first < pixels.length; first += atOnce)
      scored.push(...(await scoreSome(pixels.slice(first, first + atOnce))));
    return scored;
  };
  return { cut, gain, score };
}

function fail(reason: string): never {
  throw new RangeError(reason);
}
