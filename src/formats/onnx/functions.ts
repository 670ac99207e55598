/** Nodes inside nodes: the bodies of functions, and the branches of conditions. */
import { Environment, type Entry } from "./environment.ts";
import { resolved, type Place } from "./place.ts";
import type { OnnxFunction, OnnxNode } from "./proto.ts";

/** The body of a function in place of its call: its nodes, and what stands around them. */
export function inPlaceOf(
  node: OnnxNode,
  body: OnnxFunction,
  entries: readonly (Entry | null)[],
  place: Place,
  file: string,
): { readonly nodes: readonly OnnxNode[]; readonly around: Omit<Place, "pictures"> } {
  const names = new Environment(file);
  body.inputs.forEach((name, i) => {
    const entry = entries[i];
    if (entry) names.set(name, entry);
  });
  const given = resolved(node.attributes, place.attributes);
  // an input that the call leaves out is left out in the body too
  const left = (name: string): boolean => body.inputs.includes(name) && !names.find(name);
  const nodes = body.nodes.map((inner) => ({
    ...inner,
    inputs: inner.inputs.map((name) => (left(name) ? "" : name)),
    metadata: inner.metadata.size > 0 ? inner.metadata : node.metadata,
  }));
  const around = {
    names,
    prefix: `${place.prefix}${nameOf(node)}/`,
    opsets: body.opsets,
    attributes: new Map([...body.defaults, ...given]),
    depth: place.depth + 1,
  };
  return { nodes, around };
}

/** What a node is called: its name, or that of its first output. */
export const nameOf = ({ name, outputs, op }: OnnxNode): string => name || outputs[0] || op;
