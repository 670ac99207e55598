import { sizeOf } from "../../base/tensor.ts";
import { Unsupported } from "./unsupported.ts";
import { binary, number } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { expand } from "./expanding.ts";
import { reshape, transpose } from "./reshaping.ts";
import { axisOf, broadcastShape, range, show, type Value } from "./value.ts";

/** The matrices in the last two axes, rows and columns exchanged. */
export function swapped(l: Lowering, x: Value): Value {
  const rank = x.shape.length;
  return transpose(l, x, [...range(rank - 2), rank - 1, rank - 2]);
}

/** Which operand of a product has its rows and columns exchanged first. */
export interface Turned {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** NumPy's matmul: matrices in the last two axes, the axes before them broadcast; vectors are rows or columns. */
export function matMul(l: Lowering, first: Value, second: Value, turned: Turned = {}): Value {
  const a = turned.transposeA ? swapped(l, first) : first;
  const b = turned.transposeB ? swapped(l, second) : second;
  if (a.shape.length === 0 || b.shape.length === 0) throw new Unsupported("it multiplies a scalar");
  const [row, column] = [a.shape.length === 1, b.shape.length === 1];
  const left = row ? reshape(l, a, [1, ...a.shape]) : a;
  const right = column ? reshape(l, b, [...b.shape, 1]) : b;
  const product = matrices(l, left, right);
  const shape = [...product.shape];
  if (column) shape.pop();
  if (row) shape.splice(column ? -1 : -2, 1);
  return row || column ? reshape(l, product, shape) : product;
}

function matrices(l: Lowering, a: Value, b: Value): Value {
  const [m = 1, k = 1] = a.shape.slice(-2);
  const [inner = 1, n = 1] = b.shape.slice(-2);
  if (k !== inner) throw new Unsupported(`it multiplies ${show(a.shape)} by ${show(b.shape)}`);
  const plain = { transposeA: false, transposeB: false };
  if (b.shape.length === 2) return cellByCell(l, a, b);
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const stack = (x: Value, rows: number, columns: number): Value => {
    const own = x.shape.slice(0, -2);
    if (sizeOf(own) === 1) return reshape(l, x, [1, rows, columns]);
    const whole = own.length === batch.length && own.every((size, i) => size === batch[i]);
    const wide = whole ? x : expand(l, x, [...batch, rows, columns]);
    return reshape(l, wide, [sizeOf(batch), rows, columns]);
  };
  const product = l.op("matMul", [l.node(stack(a, m, k)), l.node(stack(b, k, n))], plain);
  return reshape(l, l.tensor(product), [...batch, m, n]);
}

/**
 * a [..., k] times the same matrix b [k, n] for each of its cells, which stay where they are: for pictures it is a convolution
 * of 1 x 1, with filters and a receptive field, for tokens a product whose rows are not mixed.
 */
function cellByCell(l: Lowering, a: Value, b: Value): Value {
  const rank = a.shape.length;
  const straight = a.kind === "tensor" && a.order.at(-1) === rank - 1;
  const order = straight ? a.order : range(rank);
  const node = l.node(a, order);
  if (rank === 4 && straight && b.kind !== "tensor") {
    const kernel = { shape: [1, 1, ...b.shape], perm: range(4) };
    const attrs = { strides: [1, 1], dilations: [1, 1], padding: "valid" } as const;
    return l.tensor(l.op("conv2d", [node, l.arranged(b, kernel, "hwio")], attrs), order);
  }
  const plain = { transposeA: false, transposeB: false };
  return l.tensor(l.op("matMul", [node, l.node(b)], plain), order);
}

/** x [..., in] -> [..., out] with weight [out, in] (PyTorch's linear) and bias [out]. */
export function linear(l: Lowering, x: Value, weight: Value, bias: Value | null): Value {
  const product = matMul(l, x, transpose(l, weight, [1, 0]));
  return bias === null ? product : addBias(l, product, bias);
}

/** alpha * A * B + beta * C of matrices, each of A and B transposed first where told. */
export function gemm(
  l: Lowering,
  [a, b, c]: readonly [Value, Value, Value | null],
  { alpha, beta, ...turned }: { readonly alpha: number; readonly beta: number } & Turned,
): Value {
  const product = matMul(l, a, b, turned);
  const scaled = alpha === 1 ? product : binary(l, "mul", product, number(alpha));
  if (c === null || beta === 0) return scaled;
  return addBias(l, scaled, beta === 1 ? c : binary(l, "mul", c, number(beta)));
}

/** A bias [C] along one axis is one operation that engines fuse; any other broadcasts. */
export function addBias(l: Lowering, x: Value, bias: Value, axis = -1): Value {
  const rank = x.shape.length;
  const along = axisOf(axis, rank);
  const straight = x.kind === "tensor" && x.order.at(-1) === along;
  const vector = bias.shape.length === 1 && bias.shape[0] === x.shape[along];
  if (straight && vector && rank > 1)
    return l.tensor(l.op("biasAdd", [l.node(x, x.order), l.node(bias)]), x.order);
  const behind = range(rank - 1 - along).map(() => 1);
  return binary(l, "add", x, vector ? reshape(l, bias, [...bias.shape, ...behind]) : bias);
}
