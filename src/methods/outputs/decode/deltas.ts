/** Boxes as moves and growths of anchors, which the file leaves out: SSD, RetinaNet. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder, ModelGraph } from "../../../graph/index.ts";
import { detectorParts } from "../detectors.ts";
import { piecesOf } from "../pieces.ts";
import { table } from "../scores-at.ts";
import type { Facts, Part } from "../types.ts";
import type { Decoded } from "./decoded.ts";
import { columns, constant } from "./heads.ts";
import { RULES, type Rule } from "./published.ts";

/** A box grows by no more than this factor, as torchvision has it. */
const MOST_GROWTH = 1000 / 16;

/**
 * Boxes of two outputs, moves of anchors and scores of the same boxes, by the published rule whose anchors are as many, grid by grid. null:
 * the outputs are no such ones, or no rule fits.
 */
export function fromDeltas(
  builder: GraphBuilder,
  graph: ModelGraph,
  all: readonly Facts[],
): Decoded | null {
  const parts = detectorParts(all);
  const [index, part] = [...parts].find(([, one]) => one.classes === null) ?? [];
  const beside = part && parts.get(part.boxes.scores);
  if (index === undefined || !part || !beside) return null;
  if (part.boxes.coordinates?.form !== "not decoded" || part.boxes.coordinates.output !== index)
    return null;
  const [deltas, scores] = [at(all, index), at(all, part.boxes.scores)];
  const rule = ruleOf(graph, deltas, part);
  const picture = deltas.picture;
  if (!rule || !picture) return null;
  const whole = (facts: Facts, own: Part) => table(builder, facts.spec.node, own, [0, own.numbers]);
  const moves = whole(deltas, part);
  const anchors = constant(builder, rule.levels(picture).flat(), 4);
  const [shift, growth] = rule.weights;
  const scaled = (from: number, by: number) =>
    builder.add("mul", "scaled", [columns(builder, moves, from, from + 2), builder.scalar(1 / by)]);
  const [middle, sides] = [columns(builder, anchors, 0, 2), columns(builder, anchors, 2, 4)];
  const moved = builder.add("mul", "centre", [scaled(0, shift), sides]);
  const centre = builder.add("add", "centre", [moved, middle]);
  const most = builder.scalar(Math.log(MOST_GROWTH));
  const grown = builder.add("minimum", "size", [scaled(2, growth), most]);
  const size = builder.add("mul", "size", [builder.add("exp", "size", [grown]), sides]);
  const sure = builder.add(rule.activation, "scores", [whole(scores, beside)]);
  const count = builder.shape(sure)[2] ?? 1;
  const softmax = rule.activation === "softmax";
  return {
    node: builder.add("concat", "decoded", [centre, size, sure], { axis: 2 }),
    outputs: [index, part.boxes.scores],
    why: `'${deltas.spec.name}' moves and grows anchors, '${scores.spec.name}' has the scores of the same ${part.places} boxes; grid by grid they are as many as ${rule.name} has.`,
    read: `The file has no anchors; those of ${rule.name} as torchvision has them are assumed${softmax ? ", and that class 0 is 'no object'" : ""}.`,
    guessed: true,
    ...{ form: "centre", objectness: null, classes: [4, 4 + count], suppression: "overlap" },
    ...(softmax && { none: 4 }),
  };
}

/** The rule whose anchors are as many in each grid, made by such layers; PyTorch's files alone, since other libraries have other anchors. */
function ruleOf(graph: ModelGraph, { byId, spec, picture }: Facts, part: Part): Rule | null {
  const pytorch = /pytorch|torchscript/i.test(`${graph.producer ?? ""} ${graph.format}`);
  const pieces = piecesOf(byId, spec.node, at(part.layout.places, 0));
  if (!pytorch || !picture || !pieces) return null;
  const fits = ({ size, maker, levels }: Rule): boolean => {
    if (size !== null && picture.some((side) => side !== size)) return false;
    const counts = levels(picture).map((level) => level.length / 4);
    const same = counts.join() === pieces.map((piece) => piece.size).join();
    return same && pieces.every(({ end }) => end.maker === maker);
  };
  return RULES.find(fits) ?? null;
}
