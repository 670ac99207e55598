/** A node that is not executed: what it takes and stores is shown all the same. */
import { at } from "../../base/at.ts";
import { isPossible, type NodeId } from "../../graph/index.ts";
import {
  BATCH,
  channelsLast,
  freed,
  keptKernel,
  opaqueAs,
  type Network,
  type Use,
} from "../lower/index.ts";
import type { Unsupported } from "../lower/unsupported.ts";
import type { Entry } from "./environment.ts";
import type { Attribute, OnnxNode, ValueInfo } from "./proto.ts";

/** An output of an opaque node; `shape` (of the file, the batch as BATCH) is null where the file does not tell it. */
export interface OpaqueOutput {
  readonly node: NodeId;
  readonly shape: readonly number[] | null;
  readonly order: readonly number[];
}

/** One node of the graph for each shape. */
export function opaqueOutputs(
  network: Network,
  hint: string,
  entries: readonly (Entry | null)[],
  why: Unsupported,
  shapes: readonly (readonly number[] | null)[],
): OpaqueOutput[] {
  const taken = entries.flatMap((entry) =>
    entry?.value?.kind === "tensor" ? [entry.value.node] : [],
  );
  const { inputs, attrs } = opaqueAs(why, taken);
  return shapes.map((shape) => {
    const order = channelsLast(shape?.length ?? 1);
    const own = shape ? order.map((axis) => freed(at(shape, axis))) : [null];
    return { node: network.builder.opaque(hint, inputs, attrs, own), shape, order };
  });
}

/** The parameters of a node that is not executed; its kernel is kept as that of one that is. */
export function opaqueUses(
  network: Network,
  { op }: OnnxNode,
  attributes: ReadonlyMap<string, Attribute>,
  entries: readonly (Entry | null)[],
): Use[] {
  const convolution = op === "Conv" || op === "ConvTranspose";
  return entries.flatMap((entry, i) => {
    const value = entry?.value;
    const parameter = value?.kind === "numbers" ? network.keptAs(value) : value;
    if (parameter?.kind !== "parameter") return [];
    const { shape } = parameter;
    if (!convolution || i !== 1 || (shape.length !== 3 && shape.length !== 4))
      return [network.use(parameter)];
    const groups = attributes.get("group")?.int ?? 1;
    const { arrangement, layout } = keptKernel(shape, groups, op === "ConvTranspose");
    return [network.use(parameter, arrangement, layout)];
  });
}

/**
 * The shape that the file tells for a value, `batch` read as the free one (null: it is not free); null where it leaves more than
 * the batch open.
 */
export function describedShape(
  { shape }: Pick<ValueInfo, "shape">,
  batch: number | null,
): number[] | null {
  if (!shape) return null;
  const sizes = shape.map((size, axis) => {
    const free = axis === 0 && batch !== null && (typeof size !== "number" || size === batch);
    return free ? BATCH : typeof size === "number" ? size : null;
  });
  const told = sizes.includes(null) ? null : sizes.map(Number);
  return told && isPossible(told.map(freed)) ? told : null;
}
