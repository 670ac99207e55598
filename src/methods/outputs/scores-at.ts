/** A place in an output as scores: the graph with a few nodes that pick it, so that every method works on it as on a classifier. */
import type { GraphBuilder, ModelGraph, NodeId } from "../../graph/index.ts";
import type { Scores } from "../types.ts";
import { beforeActivation, sliced, type Before } from "./behind.ts";
import { Picking } from "./picking.ts";
import type { Layout, Output } from "./types.ts";

/** Which of an output's places, known by numbers. */
export type Spot =
  /** The only place, or one of several. */
  | { readonly kind: "place"; readonly place: number }
  /** All places alike. */
  | { readonly kind: "mean" }
  /** Some places: [places], what each is multiplied with. */
  | { readonly kind: "region"; readonly weights: Float32Array }
  /** Some places for each class: [places, classes], 1 where the class is the most likely. */
  | { readonly kind: "predicted"; readonly masks: Float32Array };

/** The class scores of an output at a spot: [N, classes] before and after the softmax or sigmoid. `id`: a name of the spot, of the output among others. */
export function scoresAt(graph: ModelGraph, output: Output, spot: Spot, id: string): Scores {
  const builder = new Picking(graph.nodes, id);
  const columns = output.classes ?? [0, output.numbers];
  const { node, before } = columnsOf(builder, output, columns);
  const whole = output.places === 1 ? row : table;
  const after = whole(builder, node, output, columns);
  const ahead = before && whole(builder, before.node, output, columns);
  const binary = output.choice === "two" && spot.kind !== "predicted";
  const logits = picked(builder, ahead ?? after, spot, "logits", false);
  const softmax = (): NodeId => builder.add("softmax", "probabilities", [logits]);
  return {
    ...{ logits, binary, activation: before?.activation ?? null },
    probabilities:
      before === null
        ? null
        : before.log && spot.kind === "place"
          ? softmax()
          : picked(builder, after, spot, "probabilities", true),
    classes: output.choice === "two" ? 2 : columns[1] - columns[0],
    ...(output.choice !== "one" && { exclusive: false }),
    graph: { ...graph, nodes: builder.nodes },
  };
}

/** One number of a place as the only score, as the file gives it: a value, a feature, a coordinate. */
export function numberAt(
  graph: ModelGraph,
  output: Output,
  spot: Spot,
  number: number,
  id: string,
): Scores {
  const builder = new Picking(graph.nodes, id);
  const columns = [number, number + 1] as const;
  const { node } = columnsOf(builder, output, columns);
  const whole = output.places === 1 ? row : table;
  const logits = picked(builder, whole(builder, node, output, columns), spot, "number", false);
  return {
    ...{ logits, probabilities: null, activation: null, classes: 1, binary: false },
    graph: { ...graph, nodes: builder.nodes },
  };
}

/** All that an output says, as [N, places, numbers]: the file's own values. */
export function tableOf(graph: ModelGraph, output: Output): { graph: ModelGraph; node: NodeId } {
  const id = output.spec.name;
  const builder = new Picking(graph.nodes, id);
  const whole = table(builder, output.spec.node, output, [0, output.numbers]);
  const shape = builder.shape(whole);
  const node = builder.add("reshape", "whole", [whole], { shape });
  return { graph: { ...graph, nodes: builder.nodes }, node };
}

/** The class scores of all places before their activation, as [N, places, classes]. */
export function logitTable(
  graph: ModelGraph,
  output: Output,
  id: string,
): { graph: ModelGraph; node: NodeId } {
  const builder = new Picking(graph.nodes, id);
  const columns = output.classes ?? [0, output.numbers];
  const { node, before } = columnsOf(builder, output, columns);
  const whole = table(builder, before?.node ?? node, output, columns);
  const shape = builder.shape(whole);
  // under a name of its own, by which its value is remembered
  return {
    node: builder.add("reshape", "table", [whole], { shape }),
    graph: { ...graph, nodes: builder.nodes },
  };
}

type Columns = readonly [from: number, to: number];

/** Some columns of an output in its own shape, and the same before their activation. */
function columnsOf(
  builder: GraphBuilder,
  { spec, layout, numbers }: Output,
  [from, to]: Columns,
): { node: NodeId; before: Before | null } {
  const alone = builder.shape(spec.node).length > 1 ? 1 : undefined;
  const axis = layout.numbers ?? layout.places[0] ?? alone;
  if (axis === undefined) {
    // a number a picture, without an axis of its own
    const inner = builder.get(spec.node);
    const source = inner.op === "reshape" ? inner.inputs[0] : undefined;
    const wide = source !== undefined && builder.shape(source).length > 1;
    const part = wide && { node: source, axis: 1, from: 0, to: builder.shape(source)[1] ?? 1 };
    return { node: spec.node, before: part ? beforeActivation(builder, part) : null };
  }
  if (layout.numbers === null || layout.split > 1 || (from === 0 && to === numbers)) {
    const whole = { node: spec.node, axis, from: 0, to: builder.shape(spec.node)[axis] ?? 1 };
    return { node: spec.node, before: beforeActivation(builder, whole) };
  }
  const part = { node: spec.node, axis, from, to };
  return { node: sliced(builder, part), before: beforeActivation(builder, part) };
}

/** Columns of an output that has one place, as [N, columns]. */
function row(builder: GraphBuilder, id: NodeId, { layout }: Output, [from, to]: Columns): NodeId {
  const shape = builder.shape(id);
  if (shape.length === 2 && layout.numbers !== 0) return id;
  const last = shape.length - 1;
  if (shape.length > 2 && layout.numbers === last) {
    const axes = shape.slice(1, -1).map((_, i) => i + 1);
    return builder.add("mean", "row", [id], { axes, keepDims: false });
  }
  return builder.add("reshape", "row", [id], { shape: [shape[0] ?? null, to - from] });
}

/** Columns of an output as [N, places, columns]. */
export function table(
  builder: GraphBuilder,
  id: NodeId,
  { layout, places, numbers }: Pick<Output, "layout" | "places" | "numbers">,
  [from, to]: Columns,
): NodeId {
  const split = layout.split > 1;
  const width = split ? numbers : to - from;
  const moved = inOrder(builder, id, layout);
  const shape = [builder.shape(id)[0] ?? null, places, width];
  const same = builder.shape(moved).join() === shape.join();
  const whole = same ? moved : builder.add("reshape", "table", [moved], { shape });
  return split ? sliced(builder, { node: whole, axis: 2, from, to }) : whole;
}
function inOrder(builder: GraphBuilder, id: NodeId, { places, numbers }: Layout): NodeId {
  const axes = builder.shape(id).map((_, axis) => axis);
  const used = [...places, ...(numbers === null ? [] : [numbers])];
  const rest = axes.filter((axis) => axis > 0 && !used.includes(axis));
  const perm = [...axes.slice(0, 1), ...rest, ...used];
  const still = used.every((axis, i) => i === 0 || axis > (used[i - 1] ?? 0));
  return still ? id : builder.add("transpose", "table", [id], { perm });
}

/** [N, places, classes], or [N, classes] where there is one place, -> [N, classes]. `mean`: over the places, where several are; else their sum. */
function picked(
  builder: GraphBuilder,
  id: NodeId,
  spot: Spot,
  hint: string,
  mean: boolean,
): NodeId {
  if (builder.shape(id).length === 2) return id;
  const [batch = null, places, width] = builder.shape(id);
  switch (spot.kind) {
    case "place": {
      const cell = { begin: [0, spot.place, 0], size: [null, 1, null] };
      const one = places === 1 ? id : builder.add("slice", hint, [id], cell);
      return builder.add("reshape", hint, [one], { shape: [batch, width ?? 1] });
    }
    case "mean":
      return builder.add("mean", hint, [id], { axes: [1], keepDims: false });
    case "region":
      return weighted(builder, id, { of: spot.weights, width: 1, hint, mean });
    case "predicted": {
      const two = width === 1 && spot.masks.length === 2 * (places ?? 1);
      const sides = two
        ? builder.add("concat", hint, [opposite(builder, id, mean), id], { axis: 2 })
        : id;
      return weighted(builder, sides, {
        of: spot.masks,
        width: two ? 2 : (width ?? 1),
        hint,
        mean,
      });
    }
  }
}
/** What one number says of the other class: -logit, or 1 - probability. */
function opposite(builder: GraphBuilder, id: NodeId, probability: boolean): NodeId {
  if (!probability) return builder.add("neg", "opposite", [id]);
  return builder.add("sub", "opposite", [builder.scalar(1), id]);
}

function weighted(
  builder: GraphBuilder,
  id: NodeId,
  { of, width, hint, mean }: { of: Float32Array; width: number; hint: string; mean: boolean },
): NodeId {
  const data = mean ? shares(of, width) : of;
  const shape = [1, data.length / width, width];
  const weights = builder.constant({ dtype: "float32", shape, data }, `${hint} weights`);
  const product = builder.add("mul", hint, [id, weights]);
  return builder.add("sum", hint, [product], { axes: [1], keepDims: false });
}
/** Weights [places, width] so that each column adds up to 1. */
function shares(weights: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  weights.forEach((value, i) => (sums[i % width] = (sums[i % width] ?? 0) + value));
  return weights.map((value, i) => value / (sums[i % width] || 1));
}
