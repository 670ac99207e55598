import { Graph, layout } from "@dagrejs/dagre";
import { at } from "../../../../src/base/at.ts";

/** Between layers that follow each other there is room for a line of words. */
const SPACE = { ranksep: 30, nodesep: 22, edgesep: 14 } as const;

/** A graph to be laid out from above to below: nodes are told by their places. */
export interface Sketch {
  readonly nodes: readonly { readonly width: number; readonly height: number }[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** Where its nodes (their middles) and the points of its edges lie. */
export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly x: number; readonly y: number }[];
  readonly edges: readonly (readonly (readonly [x: number, y: number])[])[];
}

const known = new Map<string, Geometry>();
const MOST_KNOWN = 2000;

/** Lays out a sketch; equal ones, as repeated blocks are, once. */
export function laidOut(sketch: Sketch): Geometry {
  const key = JSON.stringify([
    sketch.nodes.map(({ width, height }) => [width, height]),
    sketch.edges,
  ]);
  const before = known.get(key);
  if (before) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = run(sketch);
  known.set(key, made);
  return made;
}

function run({ nodes, edges }: Sketch): Geometry {
  const graph = new Graph().setGraph({ rankdir: "TB", ...SPACE });
  nodes.forEach(({ width, height }, place) => graph.setNode(String(place), { width, height }));
  for (const [from, to] of edges) graph.setEdge(String(from), String(to), {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const places = nodes.map((_, place) => graph.node(String(place)) as { x: number; y: number });
  const lines = edges.map(
    ([from, to]) =>
      (graph.edge(String(from), String(to)) as { points: { x: number; y: number }[] }).points,
  );
  // a graph without nodes has no size
  return {
    width: Math.max(0, width),
    height: Math.max(0, height),
    nodes: places.map((_, i) => ({ x: at(places, i).x, y: at(places, i).y })),
    edges: lines.map((points) => points.map(({ x, y }) => [x, y] as const)),
  };
}
