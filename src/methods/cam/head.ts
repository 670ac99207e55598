import { prune, type ModelGraph, type NodeId } from "../../shared/graph/index.ts";
import { inputError } from "../../shared/errors.ts";
import type { FloatTensor, TensorData } from "../../shared/tensor.ts";
import { unitOf } from "../inspect/scores.ts";
import { repeat } from "../batch.ts";
import type { Inputs, Scores, Subject } from "../types.ts";
import { gradientCams, Sketch, type CamNodes, type GradientCamMethod } from "./gradient-cams.ts";

/** The graph from a layer's maps to its CAMs, one row per class: all classes in one backward pass. */
export interface CamHead {
  readonly graph: ModelGraph;
  /** Fed with [K, units]: which score each row differentiates. */
  readonly seed: NodeId;
  readonly methods: Readonly<Record<GradientCamMethod, CamNodes>>;
  /** Model inputs that the scores still need when the maps are fed (the layer is not the only path). */
  readonly besides: readonly NodeId[];
}

/**
 * Appends the backward pass from the scores to `maps` and the formulas of every gradient CAM.
 * Throws a ConvLensError of kind `input` when the scores do not depend on `maps`.
 */
function buildHead(
  { differentiate }: Subject,
  scores: Scores,
  maps: NodeId,
  layer: string,
): CamHead {
  const start = new Sketch(scores.graph.nodes);
  const seed = start.input("cam_seed", start.shape(scores.logits));
  const seeded = { ...scores.graph, nodes: start.nodes };
  const { graph, grads } = differentiate(seeded, scores.logits, [maps], seed);
  const [gradient] = grads;
  if (gradient === null || gradient === undefined)
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const sketch = new Sketch(graph.nodes);
  const methods = Object.fromEntries(
    Object.entries(gradientCams).map(([name, build]) => [name, build(sketch, maps, gradient)]),
  ) as Record<GradientCamMethod, CamNodes>;
  // every method starts from the same gradient, so one of them tells what all need
  const fetched = [methods["hires-cam"].signed];
  const needed = prune(sketch.nodes, new Set([maps, seed]), fetched).map(({ id }) => id);
  return {
    graph: { ...graph, nodes: sketch.nodes },
    seed,
    methods,
    besides: scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id)),
  };
}

/** Heads by scores and layer: building one differentiates the graph, which a second picture need not repeat. */
const heads = new WeakMap<Scores, Map<NodeId, CamHead>>();

export function camHead(subject: Subject, scores: Scores, maps: NodeId, layer: string): CamHead {
  const known = heads.get(scores) ?? new Map<NodeId, CamHead>();
  heads.set(scores, known);
  const head = known.get(maps) ?? buildHead(subject, scores, maps, layer);
  known.set(maps, head);
  return head;
}

/** One row per class, +1 or -1 at the unit that speaks for it. */
export function seedOf(scores: Scores, classes: readonly number[]): FloatTensor {
  const units = scores.binary ? 1 : scores.classes;
  const data = new Float32Array(classes.length * units);
  classes.forEach((classIndex, row) => {
    const { unit, sign } = unitOf(scores, classIndex);
    data[row * units + unit] = sign;
  });
  return { dtype: "float32", shape: [classes.length, units], data };
}

/** The values of the model inputs `ids`, repeated for `rows` rows. */
export function besidesOf(
  { graph }: Subject,
  inputs: Inputs,
  ids: readonly NodeId[],
  rows: number,
): TensorData[] {
  return ids.map((id) => {
    const value = inputs[graph.inputs.findIndex(({ node }) => node === id)];
    if (!value) throw new RangeError(`no value for input '${id}'`);
    return repeat(value, rows);
  });
}
