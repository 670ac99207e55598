import { inputError } from "../../base/errors.ts";
import type { Edge } from "../tensorflow/edges.ts";
import type { TfGraph, TfNode } from "../tensorflow/types.ts";
import type { MetaGraph, Signature } from "./meta-graph.ts";
import type { ObjectGraph } from "./objects.ts";

const DEFAULT = "serving_default";

/** The signature that is taken for the network, in the graph that it belongs to; `note` tells of others. */
export interface Chosen extends Signature {
  readonly graph: TfGraph;
  readonly note: string | null;
}

/** What is taken for the network: `serving_default`, else the only signature, else the first, else a function of the model. */
export function choose(
  { graph, signatures }: MetaGraph,
  objects: ObjectGraph | null,
  file: string,
): Chosen {
  const own = [...signatures].filter(([name]) => !name.startsWith("__saved_model"));
  const [name, signature] = own.find(([key]) => key === DEFAULT) ?? own[0] ?? [];
  if (name !== undefined && signature) {
    const others = own.flatMap(([key]) => (key === name ? [] : [`'${key}'`]));
    const note = `The signature '${name}' is shown; the file also has ${others.join(", ")}.`;
    return { ...signature, graph, note: others.length > 0 ? note : null };
  }
  const called = objects && functionSignature(graph, objects);
  if (called) return called;
  throw inputError(
    `'${file}' has no signature, so it does not tell what goes in and comes out; save it with tf.saved_model.save(model, folder, signatures=...).`,
  );
}

/** The name under which the object with number `id` is called in the main graph. */
const handleOf = (id: number): string => `object ${id}`;

/** A function of the model's own, called as a signature would call it. */
function functionSignature(graph: TfGraph, objects: ObjectGraph): Chosen | null {
  const named = (objects.objects[0]?.children ?? []).flatMap(({ name, id }) =>
    (objects.objects[id]?.functions ?? []).map((fn) => ({ name, fn })),
  );
  const order = ["__call__", "serve", "call", "predict", "inference"];
  const rank = (name: string): number =>
    (order.indexOf(name) + order.length + 1) % (order.length + 1);
  for (const { name, fn } of [...named].sort((a, b) => rank(a.name) - rank(b.name))) {
    const body = graph.fn(fn);
    const bound = objects.bound.get(fn) ?? [];
    const own = body ? body.args.slice(0, body.args.length - bound.length) : [];
    if (!body || own.length === 0) continue;
    const call: TfNode = {
      name: "StatefulPartitionedCall",
      op: "StatefulPartitionedCall",
      inputs: [...own, ...bound.map(handleOf)],
      attributes: new Map([["f", { func: fn }]]),
    };
    const given = (name: string, op: string): TfNode => {
      return { name, op, inputs: [], attributes: new Map() };
    };
    const fed = own.map((arg) => given(arg, "Placeholder"));
    const handles = bound.map((id) => given(handleOf(id), "VarHandleOp"));
    return {
      graph: { nodes: [...fed, ...handles, call], fn: (key) => graph.fn(key) },
      inputs: own.map((arg, i) => ({
        name: arg,
        tensor: `${arg}:0`,
        shape: body.argShapes[i],
        type: undefined,
      })),
      outputs: body.returns.map((_, i) => ({
        name: `output_${i}`,
        tensor: `${call.name}:${i}`,
        shape: undefined,
        type: undefined,
      })),
      note: `The file has no signature; its function '${name}' is shown.`,
    };
  }
  return null;
}

/** The object that a handle made by `choose` stands for. */
export function objectOf(node: TfNode, edge: (id: number) => Edge | undefined): Edge | undefined {
  const id = /^object (\d+)$/.exec(node.name)?.[1];
  return id === undefined ? undefined : edge(Number(id));
}
