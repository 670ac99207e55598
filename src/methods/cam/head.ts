import {
  dependents,
  prune,
  type GraphNode,
  type ModelGraph,
  type NodeId,
} from "../../graph/index.ts";
import { inputError } from "../../base/errors.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { GradientCamMethod } from "../../shared/catalogue.ts";
import type { Scores, Subject } from "../types.ts";
import { gradientCams } from "./gradients.ts";
import { Sketch } from "./sketch.ts";
import type { CamNodes, MapsRequest } from "./types.ts";

/** The graph from a layer's maps to its CAMs, one row per class: all classes in one backward pass. */
export interface CamHead {
  readonly graph: ModelGraph;
  /** Fed with [K, units]: which score each row differentiates. */
  readonly seed: NodeId;
  readonly methods: Readonly<Record<GradientCamMethod, CamNodes>>;
  /** Model inputs that the scores still need when the maps are fed (the layer is not the only path). */
  readonly besides: readonly NodeId[];
  /**
   * Values of the forward pass above the maps that the backward pass reads. Whoever has them from that pass can feed them, and the
   * dense layers of a VGG need not run again; none where they are too large to keep.
   */
  readonly residuals: readonly NodeId[];
}

/** Numbers of one picture's residuals that are worth keeping (16 MB). */
const MOST_RESIDUALS = 4e6;

/**
 * Appends the backward pass from the scores to a layer's output, which `maps` are laid out of, and the formulas of every gradient CAM.
 * Throws a ConvLensError of kind `input` when the scores do not depend on it.
 */
function buildHead(
  { differentiate }: Subject,
  scores: Scores,
  source: NodeId,
  maps: NodeId,
  layer: string,
): CamHead {
  const start = new Sketch(scores.graph.nodes);
  const seed = start.input("cam_seed", start.shape(scores.logits));
  const seeded = { ...scores.graph, nodes: start.nodes };
  const { graph, grads } = differentiate(seeded, scores.logits, [source], seed);
  const [gradient] = grads;
  if (gradient === null || gradient === undefined)
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const sketch = new Sketch(graph.nodes);
  const laidOut = sketch.again(source, maps, gradient);
  const methods = Object.fromEntries(
    Object.entries(gradientCams).map(([name, build]) => [name, build(sketch, maps, laidOut)]),
  ) as Record<GradientCamMethod, CamNodes>;
  // every method starts from the same gradient, so one of them tells what all need
  const fetched = [methods["hires-cam"].signed];
  const nodes = prune(sketch.nodes, new Set([source, seed]), fetched);
  const needed = nodes.map(({ id }) => id);
  return {
    graph: { ...graph, nodes: sketch.nodes },
    seed,
    methods,
    besides: scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id)),
    residuals: residualsOf(nodes, scores.graph, source),
  };
}

/** Of `nodes`, those of the forward pass above `maps` that a node of the backward pass reads. */
function residualsOf(nodes: readonly GraphNode[], forward: ModelGraph, maps: NodeId): NodeId[] {
  const passed = new Set(forward.nodes.map(({ id }) => id));
  const above = dependents(forward.nodes, maps);
  above.delete(maps);
  const read = new Set(nodes.flatMap(({ id, inputs }) => (passed.has(id) ? [] : inputs)));
  const residuals = nodes.filter(
    ({ id, dtype, shape }) =>
      read.has(id) && above.has(id) && dtype === "float32" && shape[0] === null,
  );
  const size = residuals.reduce((sum, { shape }) => sum + sizeOf(shape.slice(1).map(Number)), 0);
  return size > MOST_RESIDUALS ? [] : residuals.map(({ id }) => id);
}

/** Heads by scores and layer: building one differentiates the graph, which a second picture need not repeat. */
const heads = new WeakMap<Scores, Map<NodeId, CamHead>>();

/** A layer's head, made once. Throws a ConvLensError (`input`) when no score depends on the layer's output, `source`. */
export function camHead(
  subject: Subject,
  scores: Scores,
  { maps, source = maps, layer }: Pick<MapsRequest, "source" | "maps" | "layer">,
): CamHead {
  const known = heads.get(scores) ?? new Map<NodeId, CamHead>();
  heads.set(scores, known);
  const head = known.get(maps) ?? buildHead(subject, scores, source, maps, layer);
  known.set(maps, head);
  return head;
}
