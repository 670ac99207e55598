/** Boxes as moves and growths of anchors, which the file leaves out: SSD, RetinaNet, EfficientDet. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder, ModelGraph, NodeId } from "../../../graph/index.ts";
import { detectorParts } from "../detectors.ts";
import { piecesOf } from "../pieces.ts";
import { table } from "../scores-at.ts";
import type { End, Facts, Part } from "../types.ts";
import type { Decoded } from "./decoded.ts";
import { below, columns, constant } from "./heads.ts";
import { RULES, type Rule } from "./published.ts";

/** One output of moves or of scores. */
interface Half {
  readonly output: number;
  readonly facts: Facts;
  readonly part: Part;
}
/** Both of all grids, fine ones first: a pair of outputs, or a pair for each grid. */
interface Halves {
  readonly moves: readonly Half[];
  readonly scores: readonly Half[];
}

/**
 * Boxes of moves of anchors and scores of the same boxes, by the published rule whose anchors are as many, grid by grid. null: the outputs
 * are no such ones, or no rule fits.
 */
export function fromDeltas(
  builder: GraphBuilder,
  graph: ModelGraph,
  all: readonly Facts[],
): Decoded | null {
  const halves = halvesOf(all);
  const picture = all[0]?.picture;
  if (!halves || !picture) return null;
  const rule = ruleOf(graph, halves);
  if (!rule) return null;
  const whole = (some: readonly Half[]): NodeId =>
    below(
      builder,
      some.map(({ facts, part }) => table(builder, facts.spec.node, part, [0, part.numbers])),
    );
  const moves = whole(halves.moves);
  const anchors = constant(builder, rule.levels(picture).flat(), 4);
  const [shift, growth] = rule.weights;
  const scaled = (from: number, by: number): NodeId =>
    by === 1 ? pair(from) : builder.add("mul", "scaled", [pair(from), builder.scalar(1 / by)]);
  const pair = (from: number): NodeId => {
    const [first, second] = [from, from + 1].map((column) => columns(builder, moves, column, column + 1)); // prettier-ignore
    return rule.rowsFirst
      ? builder.add("concat", "turned", [second ?? "", first ?? ""], { axis: 2 })
      : columns(builder, moves, from, from + 2);
  };
  const [middle, sides] = [columns(builder, anchors, 0, 2), columns(builder, anchors, 2, 4)];
  const moved = builder.add("mul", "centre", [scaled(0, shift), sides]);
  const centre = builder.add("add", "centre", [moved, middle]);
  const grown = scaled(2, growth);
  const limited =
    rule.mostGrowth === null
      ? grown
      : builder.add("minimum", "size", [grown, builder.scalar(Math.log(rule.mostGrowth))]);
  const size = builder.add("mul", "size", [builder.add("exp", "size", [limited]), sides]);
  const told = whole(halves.scores);
  const isSure = ends(halves.scores).every(({ activation }) => activation === rule.activation);
  const sure = isSure ? told : builder.add(rule.activation, "scores", [told]);
  const count = builder.shape(sure)[2] ?? 1;
  const softmax = rule.activation === "softmax";
  const names = (some: readonly Half[]): string =>
    some.map(({ facts }) => `'${facts.spec.name}'`).join(", ");
  const many = halves.moves.length > 1;
  return {
    node: builder.add("concat", "decoded", [centre, size, sure], { axis: 2 }),
    outputs: [...halves.moves, ...halves.scores].map(({ output }) => output),
    why: `${names(halves.moves)} ${many ? "move and grow" : "moves and grows"} anchors, ${names(halves.scores)} ${many ? "have" : "has"} the scores of the same ${builder.shape(sure)[1]} boxes; grid by grid they are as many as ${rule.name} has.`,
    read: `The file has no anchors; those of ${rule.name} as ${rule.as} are assumed${softmax ? ", and that class 0 is 'no object'" : ""}.`,
    guessed: true,
    ...{ form: "centre", objectness: null, classes: [4, 4 + count], suppression: "overlap" },
    ...(softmax && { none: 4 }),
  };
}

function halvesOf(all: readonly Facts[]): Halves | null {
  const parts = detectorParts(all);
  const half = (output: number): Half[] => {
    const [facts, part] = [all[output], parts.get(output)];
    return facts && part ? [{ output, facts, part }] : [];
  };
  const moves = [...parts.keys()]
    .filter((index) => parts.get(index)?.boxes.coordinates?.output === index)
    .flatMap(half)
    .filter(({ part }) => part.classes === null && part.boxes.coordinates?.form === "not decoded")
    .toSorted((a, b) => b.part.places - a.part.places);
  const scores = moves.flatMap(({ part }) => half(part.boxes.scores));
  return moves.length > 0 && scores.length === moves.length ? { moves, scores } : null;
}

/** What makes the numbers of each grid. */
const ends = (some: readonly Half[]): End[] => some.flatMap((one) => gridsOf(one).map((grid) => grid.end)); // prettier-ignore

/** The boxes of each grid in an output, and what makes their numbers. */
function gridsOf({ facts, part }: Half): { readonly size: number; readonly end: End }[] {
  const { byId, spec, end } = facts;
  const pieces =
    part.layout.places.length === 1 ? piecesOf(byId, spec.node, at(part.layout.places, 0)) : null;
  // what all grids went through behind their joining
  return (
    pieces?.map((piece) => ({ ...piece, end: { ...piece.end, activation: piece.end.activation ?? end.activation } })) ?? [{ size: part.places, end }] // prettier-ignore
  );
}

/** The rule whose anchors are as many in each grid, made by such layers; torchvision's for PyTorch's files alone, since other libraries have other anchors. */
function ruleOf(graph: ModelGraph, { moves, scores }: Halves): Rule | null {
  const pytorch = /pytorch|torchscript/i.test(`${graph.producer ?? ""} ${graph.format}`);
  const picture = at(moves, 0).facts.picture;
  if (!picture) return null;
  const grids = moves.flatMap(gridsOf);
  const known = ends(scores).map(({ activation }) => activation);
  const fits = (rule: Rule): boolean => {
    if (rule.as === "torchvision has them" && !pytorch) return false;
    if (rule.size !== null && picture.some((side) => side !== rule.size)) return false;
    const counts = rule.levels(picture).map((level) => level.length / 4);
    const same = counts.join() === grids.map(({ size }) => size).join();
    const made = grids.every(
      ({ end }) =>
        end.maker === rule.maker && end.activation === null && (!rule.separable || end.separable),
    );
    const scored = known.every((one) => one === null || one === rule.activation);
    return same && made && scored && new Set(known).size === 1;
  };
  return RULES.find(fits) ?? null;
}
