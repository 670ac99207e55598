/** Operations of one name scope as one layer. */
import type { GraphNode, NodeId } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import type { Made } from "./recording.ts";
import type { Named, Names } from "./names.ts";

/** Operations of which a layer has one: a second one begins another layer. */
export const MAIN = /Conv2D|Conv2dNative|MatMul|Einsum|Pool|FusedBatchNorm|^LRN$|^Resize/;
/** Functions that belong to the layer before them. */
export const ACTIVATION =
  /^(Relu|Relu6|Elu|Selu|LeakyRelu|Sigmoid|Tanh|Softplus|Softsign|Softmax)$/;

/** Operations that become one layer. */
export interface Group {
  readonly wanted: string;
  readonly className: string | null;
  readonly made: Made[];
  readonly nodes: Set<NodeId>;
  /** Operations of it that took a tensor of the network, not parameters alone. */
  live: boolean;
}

/** In the order of the file; `fed` are the nodes of the inputs. Only those with nodes that are needed (`byId`). */
export function grouped(
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
    // without a node left: parameters of what was recognised as a whole (a batch norm that is written out)
    if (kept.length === 0 && item.uses.length === 0) continue;
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
  const kernel = item.uses.find(({ parameter }) => item.roles.get(parameter.ref) === "kernel");
  const own = names.read(item.name);
  if (!kernel || /conv|depthwise|matmul/i.test(own.leaf)) return own;
  const told = names.ofParameter(kernel.parameter.name);
  return told.scope === null ? own : told;
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
  return group && !first && last && !ACTIVATION.test(last.op) && MAIN.test(at(group.made, 0).op)
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
