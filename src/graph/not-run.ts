/** What is said where something needs layers that are not executed. */
import { inputError, type ConvLensError } from "../base/errors.ts";
import type { GraphNode, ModelGraph, NodeId, NodeOf } from "./types.ts";
import { prune } from "./walk.ts";

/** The first ones are told. */
const MOST_NAMED = 5;

/** Why a layer is opaque that could run, had the layer before it a shape that the file tells. */
export const dependsOn = (layer: string): string =>
  `depends on '${layer}', whose output the file does not describe`;
/** Whether a layer is opaque for nothing but what stands before it. */
export const isDependent = (reason: string): boolean => reason.startsWith("depends on '");

/** What is opaque among the nodes that `fetches` need. */
export const opaqueBefore = (graph: ModelGraph, fetches: readonly NodeId[]): NodeOf<"opaque">[] =>
  prune(graph.nodes, new Set(), fetches).filter(isOpaque);
/** Whether a node stands for a layer that is not executed; narrows its type. */
export const isOpaque = (node: GraphNode): node is NodeOf<"opaque"> => node.op === "opaque";

/** The layer that stands in the way of one that only depends on it; the same where it is not in the graph. */
function causeOf(
  node: NodeOf<"opaque">,
  byId: ReadonlyMap<NodeId, NodeOf<"opaque">>,
): NodeOf<"opaque"> {
  const seen = new Set<NodeId>();
  for (let own = node; ;) {
    const named = /^depends on '(.*)', whose output/.exec(own.attrs.reason)?.[1];
    const next = named === undefined ? undefined : byId.get(named);
    if (!next || seen.has(next.id)) return own;
    seen.add(next.id);
    own = next;
  }
}

/**
 * The refusal (kind `input`) that names the layers that are not executed, why, and the file; in place of what only depends on one it
 * names that. `nodes`: of the whole graph.
 */
export function notRun(
  opaque: readonly NodeOf<"opaque">[],
  { nodes, layers, file }: Pick<ModelGraph, "nodes" | "layers" | "file">,
): ConvLensError {
  const byId = new Map(nodes.filter(isOpaque).map((node) => [node.id, node]));
  const all = [...new Set(opaque.map((node) => causeOf(node, byId)))];
  const named = all.slice(0, MOST_NAMED).map(({ id, attrs }) => `'${id}' (${attrs.reason})`);
  const others = all.length - named.length;
  const more = others > 0 ? ` and ${others} more` : "";
  const where = file === undefined ? "" : ` of '${file}'`;
  const [first] = all;
  const last = first && lastBefore(first, { nodes, layers });
  const told = named.join(", ");
  return inputError(
    last === undefined
      ? `This needs ${told}${more}${where}, which ConvLens does not execute; ask for something before it.`
      : `This needs ${told}${more}${where}, which ConvLens does not execute; ask for something before it, up to '${last}', which works.`,
  );
}

/** The last layer before a node that can be run; undefined: there is none. */
function lastBefore(
  { id }: NodeOf<"opaque">,
  { nodes, layers }: Pick<ModelGraph, "nodes" | "layers">,
): string | undefined {
  const before = prune(nodes, new Set(), [id]);
  const fed = new Set(before.flatMap((node) => (node.op === "input" ? [node.id] : [])));
  const runs = new Set<NodeId>();
  for (const node of before)
    if (!isOpaque(node) && node.inputs.every((one) => runs.has(one) || fed.has(one)))
      runs.add(node.id);
  return layers.findLast(({ output }) => output !== null && runs.has(output) && !fed.has(output))
    ?.name;
}
