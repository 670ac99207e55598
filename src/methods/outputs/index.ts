/** What each output of a network is. */
import { onePicture, opaqueBefore, positionsOf, type ModelGraph } from "../../graph/index.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { OutputSummary } from "../../shared/contract/outputs.ts";
import { at } from "../../base/at.ts";
import { asRead } from "./as-read.ts";
import { withBoxes } from "./decode/index.ts";
import { axesOf, gridOf } from "./axes.ts";
import { boxTable } from "./detection.ts";
import { detectorParts } from "./detectors.ts";
import { endOf } from "./end.ts";
import { WHERES } from "./kinds.ts";
import { mapVerdict } from "./maps.ts";
import { tokenGrid } from "./tokens.ts";
import type { Facts, Layout, Output, Part } from "./types.ts";
import { vectorVerdict, type Verdict } from "./vectors.ts";

export { answerOf } from "./answers.ts";
export { USUAL_THRESHOLDS } from "./boxes.ts";
export { noneOf, scoresOf } from "./box-scores.ts";
export { directionOf, likenessTo } from "./likeness.ts";
export { KIND_NAMES } from "./kinds.ts";
export { logitTable, numberAt, scoresAt, tableOf, type Spot } from "./scores-at.ts";
export type { Output } from "./types.ts";

/** The outputs of the file as they are read, and what is made of them. */
export interface Read {
  /** With an output of boxes behind the others, where they are decoded from raw heads. */
  readonly graph: ModelGraph;
  /** In the graph's order. */
  readonly all: readonly Output[];
  /** How many of them are the file's own. */
  readonly own: number;
}

/** Each output of the file as it is read. */
export function readOutputs(graph: ModelGraph, labels: number | null): Output[] {
  const { all, own } = openOutputs(graph, labels);
  return all.slice(0, own);
}

/** The same, with the boxes that are decoded. `labels`: how many class names are known beside the file's own. */
export function openOutputs(file: ModelGraph, labels: number | null): Read {
  const { graph, replaced } = asRead(file);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const { picture } = positionsOf(graph);
  const all = graph.outputs.map((spec, index): Facts => ({
    ranked: replaced.get(index)?.ranked === true,
    ...{ graph, spec, byId, picture, labels: labels ?? graph.labels?.length ?? null },
    ...{ axes: axesOf(graph, spec), end: endOf(byId, spec.node) },
  }));
  const own = all.length;
  const decoded = withBoxes(graph, all);
  const parts =
    all.length > 1 || all[0]?.axes.length !== 2 ? detectorParts(all) : new Map<number, Part>();
  const readOne = (facts: Facts, index: number): Output => {
    if (decoded?.of.includes(index)) return rawHead(facts, decoded.output);
    const part = parts.get(index);
    if (part) return detected(facts, part);
    const [one] = parts.values();
    // what else is told of the boxes is no detector, and no row of classes, of its own
    const count = facts.axes.some(({ size }) => size === one?.places) ? one?.places : undefined;
    if (count !== undefined && facts.axes.length <= 2)
      return unknown(facts, `Numbers of the ${count} boxes that other outputs have.`);
    return readAlone(facts, index, all);
  };
  const read = all.map((facts, index): Output => {
    const output = readOne(facts, index);
    const why = replaced.get(index)?.why;
    const { shape, fileShape = shape } = at(file.outputs, index);
    return why === undefined
      ? output
      : { ...output, why: `${output.why} ${why}`, ownShape: fileShape };
  });
  if (!decoded) return { graph, all: read, own };
  // what stood behind a suppression may have no size, and is no output then
  const alone = decoded.of.length === 0;
  return { graph: decoded.graph, all: [...read, decoded.output], own: own + Number(alone) };
}

/** A map of a head, of which the decoded boxes are asked (`boxes.scores`). */
const rawHead = ({ spec }: Facts, boxes: Output): Output => ({ ...boxes, spec });

function detected({ spec, end }: Facts, part: Part): Output {
  return {
    ...{ spec, kind: "detection", grid: null, ...part },
    choice: part.classes && (end.activation === "softmax" ? "one" : "several"),
  };
}

function readAlone(facts: Facts, index: number, all: readonly Facts[]): Output {
  const { spec, axes, graph } = facts;
  const sizes = onePicture(graph.nodes).shape(spec.node);
  const last = axes.at(-1);
  if (isBehindOpaque(facts) && axes.length === 0)
    return unknown(facts, "It stands behind a layer that is not run.");
  if (axes.length <= 1) {
    const layout: Layout = { places: [], numbers: last?.index ?? null, split: 1 };
    const count = last?.size ?? 1;
    return classified(facts, vectorVerdict(facts, count), {
      layout,
      places: 1,
      grid: null,
      numbers: count,
    });
  }
  const table = boxesOf(facts, index, all);
  if (table) return table;
  const found = gridOf(axes);
  const others = axes.filter((axis) => !found?.places.includes(axis.index));
  if (found && others.length <= 1) {
    const [channels] = others;
    const count = channels?.size ?? 1;
    return classified(facts, mapVerdict(facts, found.grid, count), {
      layout: { places: found.places, numbers: channels?.index ?? null, split: 1 },
      ...{ places: sizeOf(found.grid), grid: found.grid, numbers: count },
    });
  }
  if (axes.length === 2) return stepsOf(facts);
  return unknown(
    facts,
    `${sizeOf(sizes.slice(1))} numbers a picture, and nothing tells what they are.`,
  );
}

/** Boxes, unless the axes are those of a map whose columns are no coordinates. */
function boxesOf(facts: Facts, index: number, all: readonly Facts[]): Output | null {
  if (facts.end.maker === "norm" || facts.end.activation === "softmax") return null;
  const prototypes = all.find(
    ({ axes }) =>
      axes.length === 3 && axes.some(({ size, along }) => size === 32 && along === "channels"),
  );
  const table = boxTable(facts, prototypes && prototypes !== facts ? 32 : 0);
  if (!table || (table.boxes.along === "grid" && !table.why.startsWith("Its"))) return null;
  const { boxes, numbers, classes, objectness, named, form, why, guessed } = table;
  return {
    ...{ spec: facts.spec, kind: "detection", why, guessed, grid: null },
    layout: { places: [boxes.index], numbers: numbers.index, split: 1 },
    ...{ places: boxes.size, numbers: numbers.size, classes, choice: "several" },
    boxes: {
      coordinates: { output: index, from: 0, form },
      ...{ objectness, named, scores: index, ids: null, read: null, pixels: false, peaks: null },
      suppression: named === null ? "overlap" : "none",
    },
  };
}

/** Two axes that are neither boxes nor rows and columns: steps of a sequence, tokens, or nobody knows. */
function stepsOf(facts: Facts): Output {
  const { axes, end, spec } = facts;
  const moving =
    axes.find(({ along }) => along === "columns") ?? axes.find(({ along }) => along === "rows");
  const steps = moving ?? axes[0];
  const numbers = axes.find((axis) => axis !== steps);
  const layout: Layout = {
    places: steps ? [steps.index] : [],
    numbers: numbers?.index ?? null,
    split: 1,
  };
  const sizes = {
    ...{ layout, places: steps?.size ?? 1, grid: null, numbers: numbers?.size ?? 1 },
    tokens: steps ? tokenGrid(facts, steps.index) : null,
  };
  const shape = `${sizes.places} steps with ${sizes.numbers} numbers each`;
  if (end.activation === "softmax")
    return classified(
      facts,
      { kind: "sequence", choice: "one", guessed: false, why: `${shape}, out of a softmax.` },
      sizes,
    );
  if (end.maker === "norm")
    return classified(
      facts,
      {
        kind: "embedding",
        choice: null,
        guessed: true,
        why: `${sizes.places} tokens with ${sizes.numbers} features each, after a normalization.`,
      },
      sizes,
    );
  const dense = end.activation === null && (end.maker === "dense" || end.maker === "pointwise");
  if (moving && dense)
    return classified(
      facts,
      {
        kind: "sequence",
        choice: "one",
        guessed: true,
        why: `${shape} along the picture's ${moving.along}, without an activation, as class scores (logits) are.`,
      },
      sizes,
    );
  return { ...unknown(facts, `${shape}, and nothing tells what they are.`), ...sizes, spec };
}

function classified(
  facts: Facts,
  verdict: Verdict,
  sizes: Pick<Output, "layout" | "places" | "grid" | "numbers" | "tokens">,
): Output {
  const { kind } = verdict;
  const scored =
    kind === "classes" || kind === "segmentation" || kind === "sequence" || kind === "heat-maps";
  return {
    ...{ spec: facts.spec, ...verdict, ...sizes, boxes: null },
    classes: scored ? [0, sizes.numbers] : null,
  };
}

function unknown({ spec, axes }: Facts, why: string): Output {
  const numbers = axes.at(-1);
  const places = axes.filter((axis) => axis !== numbers);
  return {
    ...{
      spec,
      kind: "unknown",
      why,
      guessed: false,
      choice: null,
      classes: null,
      boxes: null,
      grid: null,
    },
    layout: { places: places.map(({ index }) => index), numbers: numbers?.index ?? null, split: 1 },
    ...{ places: sizeOf(places.map(({ size }) => size)), numbers: numbers?.size ?? 1 },
  };
}

const isBehindOpaque = ({ graph, spec }: Facts): boolean =>
  opaqueBefore(graph, [spec.node]).length > 0;

/** How many classes a person can choose from at a place of an output; null: none. */
export function classCount({ classes, choice }: Pick<Output, "classes" | "choice">): number | null {
  if (!classes) return null;
  return choice === "two" ? 2 : classes[1] - classes[0];
}

/** What of an output is told without running anything. */
export function summariseOutput(output: Output): OutputSummary {
  const { spec, kind, why, guessed, choice, places, grid, numbers, ownShape } = output;
  const { tokens = null } = output;
  return {
    ...{ name: spec.name, shape: ownShape ?? spec.fileShape ?? spec.shape, kind, why, guessed },
    ...{ classes: classCount(output), choice, places, grid, tokens, numbers },
    wheres: WHERES[kind],
    boxScores: null,
  };
}
