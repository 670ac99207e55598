import { at } from "../../base/at.ts";
import { Unsupported } from "./unsupported.ts";
import { slice } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { pad } from "./padding.ts";
import { reshape, transpose } from "./reshaping.ts";
import { range, type Value } from "./value.ts";

/**
 * TensorFlow's SpaceToBatchND and back, how dilated convolutions were written once: each axis behind the batch is dealt out to
 * `block[i]` pictures, after a border of zeros. The pictures that one becomes stay together here, while TensorFlow keeps those of
 * one phase together: the same for one picture, for what treats every picture alike, and after the way back.
 */
export function spaceToBatch(
  l: Lowering,
  x: Value,
  block: readonly number[],
  before: readonly number[],
  after: readonly number[],
): Value {
  const borders = (side: readonly number[]): number[] => x.shape.map((_, axis) => side[axis - 1] ?? 0); // prettier-ignore
  checkBlock(x, block);
  const whole = pad(l, x, borders(before), borders(after), "constant");
  const phases = whole.shape.slice(1, block.length + 1).map((size, i) => size / at(block, i));
  const rest = whole.shape.slice(block.length + 1);
  const apart = reshape(l, whole, [
    at(whole.shape, 0),
    ...phases.flatMap((size, i) => [size, at(block, i)]),
    ...rest,
  ]);
  const blocks = block.map((_, i) => 2 * i + 2);
  const perm = [0, ...blocks, ...range(apart.shape.length).filter((axis) => axis > 0 && !blocks.includes(axis))]; // prettier-ignore
  return reshape(l, transpose(l, apart, perm), [
    at(whole.shape, 0) * product(block),
    ...phases,
    ...rest,
  ]);
}

/** The other way round, `before` and `after` cut off. */
export function batchToSpace(
  l: Lowering,
  x: Value,
  block: readonly number[],
  before: readonly number[],
  after: readonly number[],
): Value {
  checkBlock(x, block);
  const batch = at(x.shape, 0) / product(block);
  const sizes = x.shape.slice(1, block.length + 1);
  const rest = x.shape.slice(block.length + 1);
  const apart = reshape(l, x, [batch, ...block, ...sizes, ...rest]);
  const count = block.length;
  const perm = [
    0,
    ...range(count, 1).flatMap((axis) => [axis + count, axis]),
    ...range(rest.length, 2 * count + 1),
  ];
  const whole = sizes.map((size, i) => size * at(block, i));
  const joined = reshape(l, transpose(l, apart, perm), [batch, ...whole, ...rest]);
  const ends = whole.map((size, i) => size - at(after, i));
  return slice(l, joined, range(count, 1), before, ends, block.map(() => 1)); // prettier-ignore
}

function checkBlock(x: Value, block: readonly number[]): void {
  if (block.length === 0 || block.length >= x.shape.length || block.some((size) => size < 1))
    throw new Unsupported("its blocks do not fit its input");
}
const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
