/** The operations of exported programs: PyTorch's aten operators by name, without overload and the `_` of in-place ones. */
import { activations } from "./activation.ts";
import { convolutions } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexings } from "./indexing.ts";
import { linears } from "./linear.ts";
import { normalizations } from "./normalization.ts";
import { poolings } from "./pooling.ts";
import { recurrents } from "./recurrent.ts";
import { reductions } from "./reduction.ts";
import { resizings } from "./resizing.ts";
import { shapings } from "./shaping.ts";
import { stridings } from "./strided.ts";
import { suppressions } from "./suppression.ts";
import type { Reading } from "../../lower/index.ts";
import type { Lower } from "./table.ts";

const OPERATIONS: ReadonlyMap<string, Lower> = new Map(
  [
    ...[elementwise, activations, convolutions, normalizations, poolings],
    ...[reductions, recurrents, shapings, indexings, linears, resizings, stridings, suppressions],
  ].flatMap((table) => Object.entries(table)),
);

/** Whether an operator writes to its first argument: `relu_`, and not `__and__`. */
export const isInPlace = (operation: string): boolean =>
  operation.endsWith("_") && !operation.endsWith("__");
/** How an operator is lowered, written in place or not; undefined for one that is not known. */
export const lowerOf = (operation: string): Lower | undefined =>
  OPERATIONS.get(isInPlace(operation) ? operation.slice(0, -1) : operation);

/** What an operator takes: pictures [N, C, H, W], single cells, or neither (null). */
export function readsOf(operation: string): Reading["reads"] {
  const name = isInPlace(operation) ? operation.slice(0, -1) : operation;
  const pictures = Object.hasOwn(convolutions, name) || Object.hasOwn(poolings, name);
  if (pictures || /(batch|instance|group)_norm/.test(name)) return "pictures";
  return Object.hasOwn(elementwise, name) || Object.hasOwn(activations, name) ? "cells" : null;
}
