/** Boxes of a detector whose file ends at its raw heads, or behind its own suppression: one more output, decoded from them. */
import { GraphBuilder, type ModelGraph } from "../../../graph/index.ts";
import { mapOf } from "../maps-of.ts";
import type { Boxes, Facts, Output } from "../types.ts";
import { fromAnchors } from "./anchors.ts";
import { fromCentres } from "./centres.ts";
import { fromDeltas } from "./deltas.ts";
import { fromChoice } from "./choice.ts";
import type { Decoded } from "./decoded.ts";
import { fromDistances } from "./distances.ts";
import { headOf, type Head } from "./heads.ts";

/** The graph with an output of boxes, and that output; null where the file's outputs are no raw heads that can be decoded. */
export function withBoxes(
  graph: ModelGraph,
  all: readonly Facts[],
): { readonly graph: ModelGraph; readonly output: Output; readonly of: readonly number[] } | null {
  const builder = new GraphBuilder(graph.nodes);
  const found =
    fromChoice(builder, graph) ?? fromDeltas(builder, graph, all) ?? fromHeads(builder, graph, all);
  if (!found) return null;
  const { node, outputs, why, guessed, classes, form, grid, none, chosen } = found;
  const [, places = 1, numbers = 1] = builder.shape(node).map((size) => size ?? 1);
  const spec = { name: "boxes", node, shape: builder.shape(node), dtype: "float32" } as const;
  const index = all.length;
  const { objectness, suppression, read } = found;
  const boxes: Boxes = {
    coordinates: { output: index, from: 0, form },
    ...{ objectness, scores: index, named: null, ids: null, suppression, read },
    ...{ pixels: !chosen, peaks: grid ?? null },
    ...(none !== undefined && { none }),
    ...(chosen && { chosen }),
  };
  const output: Output = {
    ...{ spec, kind: "detection", why, guessed, grid: null, places, numbers, classes, boxes },
    layout: { places: [1], numbers: 2, split: 1 },
    choice: none === undefined ? "several" : "one",
  };
  const outputsNow = [...graph.outputs, spec];
  return { graph: { ...graph, nodes: builder.nodes, outputs: outputsNow }, output, of: outputs };
}

/** Boxes of raw heads, which have to be all that the file gives. */
function fromHeads(
  builder: GraphBuilder,
  { anchors }: ModelGraph,
  all: readonly Facts[],
): Decoded | null {
  const heads = all.map((facts, index): Head | null => {
    const map = mapOf(facts.axes);
    return map && headOf(facts, index, map);
  });
  const whole = heads.filter((head) => head !== null);
  if (whole.length !== all.length || whole.length === 0) return null;
  // fine grids first, whatever the file's order
  const ordered = whole.toSorted((a, b) => a.stride[0] - b.stride[0] || a.output - b.output);
  return (
    fromDistances(builder, ordered) ??
    fromAnchors(builder, ordered, anchors) ??
    fromCentres(builder, ordered)
  );
}
