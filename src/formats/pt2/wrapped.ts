/** Parts of a program that run under a setting (autocast, gradients or none): graphs inside a node, which only names tell apart. */
import { isList, member, text, type Json } from "../json.ts";
import { isArgs, isRef, type Arg, type ExportedNode } from "./schema.ts";

/** Settings that change nothing here: half and double precision are computed in single, and derivatives are our own. */
const SETTINGS = /^torch\.ops\.higher_order\.wrap_with_(autocast|set_grad_enabled)$/;

/** A graph inside a node, and what its names become around it. */
export interface Wrapped {
  readonly graph: Json;
  readonly renamed: (name: string) => string;
}

/** Null for a node that is an operation. `argOf`, `namesOf`: how an argument and its names are read. */
export function wrappedIn(
  node: Json,
  argOf: (json: Json | undefined) => Arg,
  namesOf: (json: Json | undefined) => string[],
): Wrapped | null {
  if (!SETTINGS.test(text(member(node, "target")) ?? "")) return null;
  const inputs = member(node, "inputs");
  const all = (isList(inputs) ? inputs : []).map((input) => member(input, "arg"));
  const at = all.findIndex((arg) => member(arg, "as_graph") !== undefined);
  const graph = member(member(all[at], "as_graph"), "graph");
  if (graph === undefined) return null;
  const listed = (json: Json | undefined, names: (item: Json) => string[]): string[] =>
    isList(json) ? json.flatMap(names) : [];
  const given = all.slice(at + 1).map((arg) => refOf(argOf(arg)));
  const results = listed(member(node, "outputs"), namesOf);
  const outer = new Map([
    ...listed(member(graph, "inputs"), namesOf).map((name, i) => [name, given[i]] as const),
    ...listed(member(graph, "outputs"), namesOf).map((name, i) => [name, results[i]] as const),
  ]);
  const prefix = results[0] ?? "";
  return { graph, renamed: (name) => outer.get(name) ?? `${prefix}.${name}` };
}
const refOf = (arg: Arg): string | undefined => (isRef(arg) ? arg.ref : undefined);

/** A node under other names. */
export function renamedNode(node: ExportedNode, renamed: (name: string) => string): ExportedNode {
  const arg = (own: Arg): Arg =>
    isArgs(own) ? own.map(arg) : isRef(own) ? { ref: renamed(own.ref) } : own;
  return {
    ...node,
    inputs: new Map([...node.inputs].map(([name, own]) => [name, arg(own)])),
    outputs: node.outputs.map((name) => (name === "" ? "" : renamed(name))),
  };
}
