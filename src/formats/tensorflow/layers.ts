/** The user's view of a lowered graph: layers by their names, with their classes and parameters. */
import type { GraphNode, Layer, NodeId } from "../../graph/index.ts";
import { fileShapeOf } from "../lower/index.ts";
import type { Assembly } from "./assembly.ts";
import type { Made } from "./recording.ts";
import { ACTIVATION, grouped, MAIN, type Group } from "./grouping.ts";
import type { Names } from "./names.ts";
import { weightsOf } from "./weights.ts";

/** Keras names these by default; the picture's preprocessing is told by them. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^rescaling(_\d+)?$/, "Rescaling"],
  [/^normalization(_\d+)?$/, "Normalization"],
];

/** The layers of the file, behind those of its `inputs`; `nodes` are the needed ones. */
export function layersOf(
  assembly: Assembly,
  nodes: readonly GraphNode[],
  inputs: readonly Layer[],
  names: Names,
): Layer[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = grouped(
    assembly.recording.made,
    byId,
    names,
    new Set(inputs.flatMap((layer) => layer.nodes)),
  );
  const layers = [...inputs];
  const owner = new Map<NodeId, string>();
  for (const layer of inputs) for (const id of layer.nodes) owner.set(id, layer.name);
  const taken = new Map<string, number>(inputs.map(({ name }) => [name, 1]));
  for (const group of groups) {
    const name = unique(group.wanted, taken);
    const layer = layerOf(group, name, byId, owner);
    const aliases = aliasesOf(shownOf(group, byId), names, name);
    for (const id of group.nodes) owner.set(id, name);
    layers.push({ ...layer, weights: weightsOf(assembly, group.made), aliases });
  }
  return layers;
}

/** Operations of which something is needed. */
const shownOf = ({ made }: Group, byId: ReadonlyMap<NodeId, GraphNode>): readonly Made[] =>
  made.filter(({ nodes }) => nodes.some((id) => byId.has(id)));

function unique(wanted: string, taken: Map<string, number>): string {
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}:${i}`;
  taken.set(name, 1);
  return name;
}

function layerOf(
  group: Group,
  name: string,
  byId: ReadonlyMap<NodeId, GraphNode>,
  owner: ReadonlyMap<NodeId, string>,
): Omit<Layer, "weights"> {
  const { made } = group;
  const shown = shownOf(group, byId);
  const last = shown.filter(({ output }) => output !== null && byId.has(output)).at(-1);
  const node = last?.output ?? null;
  const activation = node === null ? undefined : byId.get(node);
  const before = last && ACTIVATION.test(last.op) && made.length > 1 ? activation?.inputs[0] : null;
  const fusedBefore = last?.op.includes("Fused") ? preActivationOf(activation) : null;
  const pre = before ?? fusedBefore ?? null;
  const notes = made.flatMap((item) => item.note ?? leftOver(item) ?? []);
  const inputs = [...group.nodes].flatMap((id) => byId.get(id)?.inputs ?? []);
  return {
    name,
    className: classOf(group, shown),
    nodes: [...group.nodes],
    output: node,
    preActivation: pre !== null && group.nodes.has(pre) ? pre : null,
    inputs: [...new Set(inputs.flatMap((id) => owner.get(id) ?? []))],
    opaque: made.find(({ opaque }) => opaque !== null)?.opaque ?? null,
    ...(last?.value && fileShapeOf(last.value)),
    ...(notes.length > 0 && { note: [...new Set(notes)].join(" ") }),
  };
}

function aliasesOf(shown: readonly Made[], names: Names, name: string): string[] {
  const found = shown.flatMap((item) => names.aliases(item.name));
  return [...new Set(found)].filter((alias) => alias !== name);
}

/** A batch norm of which an exporter left a sum or product. */
const leftOver = ({ name, op }: Made): string | null =>
  /FusedBatchNormV?\d?$/.test(name) && /^Add/.test(op)
    ? "The exporter folded this batch norm into the convolution before it; what is left of it is shown."
    : null;

const NONLINEAR = new Set(["relu", "relu6", "elu", "leakyRelu", "sigmoid", "tanh"]);
const preActivationOf = (node: GraphNode | undefined): NodeId | null =>
  node && NONLINEAR.has(node.op) ? (node.inputs[0] ?? null) : null;

function classOf({ className, wanted }: Group, shown: readonly Made[]): string {
  if (className !== null) return className;
  const own = wanted.split("/").at(-1) ?? wanted;
  const byName = BY_NAME.find(([pattern]) => pattern.test(own));
  if (byName) return byName[1];
  const main = shown.find(({ op }) => MAIN.test(op)) ?? shown.at(-1);
  const ops = shown.map(({ op }) => op);
  if (main && !MAIN.test(main.op) && /FusedBatchNormV?\d?$/.test(main.name))
    return "FusedBatchNormV3";
  // x * sigmoid(x)
  if (ops.join() === "Sigmoid,Mul") return "Swish";
  return (main?.op ?? "NoOp").replace(/^_?Fused(?=Conv|Depth|MatMul)/, "");
}
