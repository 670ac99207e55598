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

/** The refusal (kind `input`) that names the layers that are not executed, why, and the file; what only depends on them is not told. */
export function notRun(
  opaque: readonly NodeOf<"opaque">[],
  file: string | undefined,
): ConvLensError {
  const own = opaque.filter(({ attrs }) => !isDependent(attrs.reason));
  const all = own.length > 0 ? own : opaque;
  const named = all.slice(0, MOST_NAMED).map(({ id, attrs }) => `'${id}' (${attrs.reason})`);
  const others = all.length - named.length;
  const more = others > 0 ? ` and ${others} more` : "";
  const where = file === undefined ? "" : ` of '${file}'`;
  return inputError(
    `This needs ${named.join(", ")}${more}${where}, which ConvLens does not execute; ask for something before it.`,
  );
}
