import type { Shape } from "../../base/tensor.ts";
import { channelsLast, range } from "../lower/index.ts";
import type { OnnxNode, ValueInfo } from "./proto.ts";

/** How the sizes that a file leaves free, and its batch, are read. */
export interface Sizes {
  /** The shape of an input in the file's order; null is a free batch. */
  shapeOf(input: ValueInfo): Shape;
  /** The batch that the exporter saw, where it is read as free. */
  readonly batch: number | null;
}

/** Pictures are kept channels-last; a file that is channels-last already says so by its first transposition, or its sizes. */
export function inputOrder(shape: Shape, user: OnnxNode | undefined): number[] {
  const plain = range(shape.length);
  const batch = shape.indexOf(null);
  if (batch > 0) return [batch, ...plain.filter((axis) => axis !== batch)];
  if (shape.length === 5) return user && /Conv|Pool|Norm/.test(user.op) ? channelsLast(5) : plain;
  if (shape.length !== 4) return plain;
  const perm = user?.op === "Transpose" ? (user.attributes.get("perm")?.ints ?? []) : [];
  if (perm.join() === "0,3,1,2") return plain;
  if (user && /Conv|Pool|Normalization/.test(user.op)) return channelsLast(4);
  // as pictures [N, H, W, C] are, and feature maps [N, C, H, W] are not
  const thin = [1, 3, 4].includes(shape[3] ?? 0) && (shape[1] ?? 0) >= 8;
  return thin ? plain : channelsLast(4);
}
