/** The JSON of a program without what nothing here asks for (see schema.ts): half of it, once packed. */
import { isList, isObject, member, text, type Json, type JsonObject } from "../json.ts";
import { sourceOf } from "./modules.ts";

/** Read again it gives the same graph, with the same layers and lines. */
export function slimProgram(program: Json): Json {
  const module = member(program, "graph_module");
  return {
    graph_module: {
      graph: slimGraph(member(module, "graph")),
      signature: member(module, "signature") ?? null,
    },
    torch_version: member(program, "torch_version") ?? null,
  };
}

function slimGraph(graph: Json | undefined): Json {
  const values = member(graph, "tensor_values");
  const nodes = member(graph, "nodes");
  return {
    inputs: member(graph, "inputs") ?? [],
    outputs: member(graph, "outputs") ?? [],
    nodes: isList(nodes) ? nodes.map(slimNode) : [],
    tensor_values: isObject(values) ? mapped(values, (value) => only(value, OF_TENSORS)) : {},
  };
}
const OF_TENSORS: readonly string[] = ["dtype", "sizes", "strides", "storage_offset"];

function slimNode(node: Json): Json {
  const inputs = member(node, "inputs");
  return {
    target: member(node, "target") ?? "",
    inputs: isList(inputs) ? inputs.map(slimInput) : [],
    outputs: member(node, "outputs") ?? [],
    metadata: slimMetadata(member(node, "metadata")),
  };
}

/** The innermost module, and the one line that is linked to. */
function slimMetadata(metadata: Json | undefined): Json {
  const stack = text(member(metadata, "nn_module_stack"));
  const stackTrace = text(member(metadata, "stack_trace")) ?? "";
  const source = sourceOf({ stackTrace });
  return {
    ...(stack !== null && { nn_module_stack: stack.split(";").at(-1) ?? "" }),
    ...(source && { stack_trace: `File "${source.file}", line ${source.line}` }),
  };
}

/** Graphs inside of nodes are slimmed, too. */
function slimInput(input: Json): Json {
  const arg = member(input, "arg");
  const inner = member(arg, "as_graph");
  const slim = isObject(inner)
    ? { as_graph: { ...inner, graph: slimGraph(member(inner, "graph")) } }
    : (arg ?? null);
  return { name: member(input, "name") ?? "", arg: slim };
}

const only = (value: Json, keys: readonly string[]): Json =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))
    : value;
const mapped = (object: JsonObject, change: (value: Json) => Json): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
