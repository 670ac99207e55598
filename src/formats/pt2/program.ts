/** An exported program, with the graphs inside its nodes in their place. */
import { inputError } from "../../base/errors.ts";
import { isList, isObject, member, text, type Json } from "../json.ts";
import {
  argOf,
  isRef,
  list,
  name,
  namesOf,
  nodeOf,
  offsetOf,
  scalarType,
  sizeOfJson,
  type ExportedNode,
  type InputSpec,
  type Program,
  type TensorMeta,
} from "./schema.ts";
import { checkOrder } from "./order.ts";
import { renamedNode, wrappedIn } from "./wrapped.ts";

/** Nodes in order, and the tensors that they name: those of graphs inside nodes too, in the place of such a node. */
interface Flat {
  readonly nodes: readonly ExportedNode[];
  readonly metas: readonly (readonly [string, TensorMeta])[];
}
function flat(graph: Json | undefined): Flat {
  const values = member(graph, "tensor_values");
  const parts = list(member(graph, "nodes")).map((json): Flat => {
    const wrapped = wrappedIn(json, argOf, namesOf);
    if (!wrapped) return { nodes: [nodeOf(json)], metas: [] };
    const { nodes, metas } = flat(wrapped.graph);
    return {
      nodes: nodes.map((node) => renamedNode(node, wrapped.renamed)),
      metas: metas.map(([key, meta]) => [wrapped.renamed(key), meta] as const),
    };
  });
  const own = isObject(values) ? Object.entries(values) : [];
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    metas: [
      ...parts.flatMap(({ metas }) => metas),
      ...own.map(([key, value]) => [key, metaOf(value)] as const),
    ],
  };
}
const metaOf = (value: Json): TensorMeta => ({
  type: scalarType(member(value, "dtype")),
  sizes: list(member(value, "sizes")).map(sizeOfJson),
  strides: list(member(value, "strides")).map(sizeOfJson),
  offset: offsetOf(member(value, "storage_offset")),
});

const KINDS: readonly (readonly [string, InputSpec["kind"], string])[] = [
  ["parameter", "parameter", "parameter_name"],
  ["buffer", "buffer", "buffer_name"],
  ["tensor_constant", "constant", "tensor_constant_name"],
];
function inputOf(json: Json): InputSpec {
  for (const [key, kind, target] of KINDS) {
    const found = member(json, key);
    if (!found) continue;
    const persistent =
      kind === "buffer" ? member(found, "persistent") !== false : kind !== "constant";
    const own = text(member(found, target)) ?? "";
    return { kind, name: name(member(found, "arg")), target: own, persistent };
  }
  const user = argOf(member(member(json, "user_input"), "arg"));
  const fed = isRef(user);
  return { kind: fed ? "user" : "other", name: fed ? user.ref : "", target: "", persistent: false };
}

/** Throws a ConvLensError of kind `input` when it describes no graph, and `Impossible` for one that cannot be. */
export function readProgram(json: Json, file: string): Program {
  const module = member(json, "graph_module");
  const graph = member(module, "graph");
  const signature = member(module, "signature");
  const values = member(graph, "tensor_values");
  if (!isList(member(graph, "nodes")) || !isObject(values) || !signature)
    throw inputError(
      `'${file}' describes no exported program that is known here; export it again with torch.export.save.`,
    );
  const { nodes, metas } = flat(graph);
  const inputs = list(member(signature, "input_specs")).map(inputOf);
  checkOrder(inputs, nodes);
  return {
    ...{ nodes, inputs },
    outputs: list(member(signature, "output_specs")).flatMap((spec) => {
      const output = member(spec, "user_output");
      return output ? namesOf(member(output, "arg")).filter(Boolean) : [];
    }),
    metas: new Map(metas),
    torchVersion: text(member(json, "torch_version")),
  };
}
