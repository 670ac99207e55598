/** The user's view of a lowered graph: operations of one name scope as one layer. */
import type { GraphNode, KernelLayout, Layer, NodeId, WeightInfo } from "../../graph/index.ts";
import type { Made } from "./lowering.ts";
import { weightName, type Named, type Names } from "./names.ts";
import type { Use } from "./operation.ts";

/** Operations of which a layer has one: a second one begins another layer. */
const MAIN = /Conv2D|Conv2dNative|MatMul|Einsum|Pool|FusedBatchNorm|^LRN$|^Resize/;
const ACTIVATION = /^(Relu|Relu6|Elu|Selu|LeakyRelu|Sigmoid|Tanh|Softplus|Softsign|Softmax)$/;
/** Keras names these by default; the picture's preprocessing is told by them. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^rescaling(_\d+)?$/, "Rescaling"],
  [/^normalization(_\d+)?$/, "Normalization"],
];

interface Group {
  readonly wanted: string;
  readonly className: string | null;
  readonly made: Made[];
  readonly nodes: Set<NodeId>;
  /** Operations of it that took a tensor of the network, not parameters alone. */
  live: boolean;
}

export function layersOf(
  made: readonly Made[],
  nodes: readonly GraphNode[],
  inputs: readonly Layer[],
  names: Names,
): Layer[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = grouped(made, byId, names, new Set(inputs.flatMap((layer) => layer.nodes)));
  const layers = [...inputs];
  const owner = new Map<NodeId, string>();
  for (const layer of inputs) for (const id of layer.nodes) owner.set(id, layer.name);
  const taken = new Map<string, number>(inputs.map(({ name }) => [name, 1]));
  for (const group of groups) {
    const layer = layerOf(group, byId, unique(group.wanted, taken), owner, names);
    for (const id of group.nodes) owner.set(id, layer.name);
    layers.push(layer);
  }
  return layers;
}

function unique(wanted: string, taken: Map<string, number>): string {
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}:${i}`;
  taken.set(name, 1);
  return name;
}

function grouped(
  made: readonly Made[],
  byId: ReadonlyMap<NodeId, GraphNode>,
  names: Names,
  fed: ReadonlySet<NodeId>,
): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  const alive = new Set<NodeId>(fed);
  const ownerOf = new Map<NodeId, Group>();
  for (const item of made) {
    const kept = item.nodes.filter((id) => byId.has(id));
    if (kept.length === 0 && (item.uses.length === 0 || item.nodes.length > 0)) {
      // parameters of what was recognised as a whole (a batch norm that is written out)
      if (item.uses.length === 0) continue;
    }
    const { scope, leaf, className } = named(item, names);
    const inside = new Set(kept);
    const sources = kept
      .flatMap((id) => byId.get(id)?.inputs ?? [])
      .filter((id) => !inside.has(id) && alive.has(id));
    const live = sources.length > 0;
    const before = sources.flatMap((id) => ownerOf.get(id) ?? []);
    const current = scope === null ? joined(item, before, open) : open.get(scope);
    const fits =
      current !== undefined &&
      (className !== null || joins(item, current, live, before.includes(current)));
    const group = fits
      ? current
      : start(groups, open, scope, className, leaf, current !== undefined, item);
    group.made.push(item);
    group.live ||= live;
    for (const id of kept) {
      group.nodes.add(id);
      ownerOf.set(id, group);
      if (live || item.opaque !== null) alive.add(id);
    }
  }
  return groups.filter(({ nodes }) => nodes.size > 0);
}

/** An exporter names a convolution after what it fused or folded into it; the kernel still has the convolution's own name. */
function named(item: Made, names: Names): Named {
  const kernel = item.uses.find(({ role }) => role === "kernel");
  const own = names.read(item.name);
  if (!kernel || /conv|depthwise|matmul/i.test(own.leaf)) return own;
  const told = names.ofParameter(kernel.parameter.name);
  return told.scope === null ? own : told;
}
function aliasesOf(shown: readonly Made[], names: Names, name: string): string[] {
  const found = shown.flatMap((item) => names.aliases(item.name));
  return [...new Set(found)].filter((alias) => alias !== name);
}

/** An operation of the same scope belongs to the layer when it goes on from it, and is not its second main operation. */
function joins(item: Made, group: Group, live: boolean, follows: boolean): boolean {
  if (item.opaque !== null || group.made.some(({ opaque }) => opaque !== null)) return false;
  if (MAIN.test(item.op) && group.made.some(({ op }) => MAIN.test(op))) return false;
  return follows || !live || !group.live;
}

/** Outside of all scopes (`Conv2D_1`, `BiasAdd_1`, `Relu_1`) bias and activation belong to the operation they follow. */
function joined(item: Made, before: readonly Group[], open: Map<string, Group>): Group | undefined {
  const [only] = before;
  const follows = /^(BiasAdd|Add|AddV2)$/.test(item.op) || ACTIVATION.test(item.op);
  const group = follows && before.length === 1 ? only : undefined;
  const last = group?.made.at(-1);
  const first = group && [...open.values()].includes(group);
  return group && !first && last && !ACTIVATION.test(last.op) && MAIN.test(group.made[0]?.op ?? "")
    ? group
    : undefined;
}

function start(
  groups: Group[],
  open: Map<string, Group>,
  scope: string | null,
  className: string | null,
  leaf: string,
  again: boolean,
  item: Made,
): Group {
  const wanted = scope === null ? leaf : again ? `${scope}/${leaf}` : scope;
  const group: Group = { wanted, className, made: [], nodes: new Set(), live: false };
  groups.push(group);
  if (scope !== null && item.opaque === null) open.set(scope, group);
  return group;
}

function layerOf(
  group: Group,
  byId: ReadonlyMap<NodeId, GraphNode>,
  name: string,
  owner: ReadonlyMap<NodeId, string>,
  names: Names,
): Layer {
  const { made } = group;
  const shown = made.filter(({ nodes }) => nodes.some((id) => byId.has(id)));
  const last = shown.filter(({ output }) => output !== null && byId.has(output)).at(-1);
  const node = last?.output ?? null;
  const fileShape = last?.fileShape ?? null;
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
    weights: weightsOf(made.flatMap(({ uses }) => uses)),
    opaque: made.find(({ opaque }) => opaque !== null)?.opaque ?? null,
    aliases: aliasesOf(shown, names, name),
    ...(fileShape && { fileShape }),
    ...(notes.length > 0 && { note: [...new Set(notes)].join(" ") }),
  };
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

function weightsOf(uses: readonly Use[]): WeightInfo[] {
  const found = new Map<string, Use>();
  for (const use of uses) {
    const known = found.get(use.parameter.ref);
    if (!known || (known.role === null && use.role !== null)) found.set(use.parameter.ref, use);
  }
  const names = new Map<string, number>();
  return [...found.values()].map(({ parameter, role, layout }) => {
    const wanted = role ?? weightName(parameter.name);
    const uses = names.get(wanted) ?? 0;
    names.set(wanted, uses + 1);
    return {
      name: uses === 0 ? wanted : `${wanted}_${uses}`,
      ref: parameter.ref,
      shape: parameter.shape,
      storedDType: parameter.stored,
      trainable: parameter.trainable,
      ...kernelLayout(layout, parameter.shape),
    };
  });
}
const kernelLayout = (
  layout: KernelLayout | null,
  shape: readonly number[],
): { kernel?: KernelLayout } => (layout !== null && shape.length === 4 ? { kernel: layout } : {});
