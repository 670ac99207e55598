import { at } from "../../base/at.ts";
import type { NodeId, NodeOf } from "../../graph/index.ts";
import { sizeOf } from "../../base/tensor.ts";
import { attr } from "../native/attributes.ts";
import type { Composer, Replacement } from "./compose.ts";
import { perFilter } from "./convolution-lowering.ts";
import { isParameterOnly } from "./parameter-only.ts";
import type { Family } from "./types.ts";

/** scale / sqrt(variance + epsilon), per channel. */
function gain(c: Composer, scale: string, variance: string, epsilon: number): string {
  return c.mul(scale, c.op("rsqrt", [c.add(variance, c.scalar(epsilon))]));
}
const allButLast = (rank: number): number[] => Array.from({ length: rank - 1 }, (_, axis) => axis);

type Five = readonly [NodeId, NodeId, NodeId, NodeId, NodeId];

/**
 * Batch normalization of a convolution is a convolution with a scaled kernel, which is worked out once; not where something
 * else needs what is between the two, as the convolution would run twice.
 */
function intoConvolution(c: Replacement, node: NodeOf<"batchNorm">): NodeId | null {
  const [x, scale, offset, mean, variance] = node.inputs as Five;
  const biased = c.builder.get(x);
  const conv = biased.op === "biasAdd" ? c.builder.get(at(biased.inputs, 0)) : biased;
  if (conv.op !== "conv2d" && conv.op !== "depthwiseConv2d") return null;
  if (!c.alone(biased.id) || !c.alone(conv.id)) return null;
  const [picture, kernel] = conv.inputs as [NodeId, NodeId];
  const bias = biased.op === "biasAdd" ? biased.inputs[1] : undefined;
  const parameters = [kernel, ...node.inputs.slice(1), ...(bias === undefined ? [] : [bias])];
  if (!parameters.every((id) => isParameterOnly(c.builder, id))) return null;

  const factor = gain(c, scale, variance, node.attrs.epsilon);
  const scaled = c.mul(kernel, perFilter(c, conv.op, kernel, factor));
  const whole = c.op(conv.op, [picture, scaled], conv.attrs);
  const centre = bias === undefined ? mean : c.sub(mean, bias);
  return c.op("biasAdd", [whole, c.sub(offset, c.mul(centre, factor))]);
}

/** Many matrices times the same one are one matrix with all their rows. */
function oneProduct(c: Replacement, { inputs, attrs, shape }: NodeOf<"matMul">): NodeId | null {
  const [a, b] = inputs as readonly [NodeId, NodeId];
  const own = c.shape(a);
  if (own.length < 3 || c.shape(b).length !== 2 || attrs.transposeA) return null;
  const lead = own.slice(0, -1);
  const rows = lead.includes(null) ? null : sizeOf(lead.map(Number));
  const product = c.op("matMul", [c.reshape(a, [rows, own.at(-1) ?? null]), b], attrs);
  return c.reshape(product, shape);
}

/**
 * Rules of sums and products per channel and of matrices. Batch normalization, whose statistics are
 * frozen, is folded into the kernel of a convolution before it that nothing else reads.
 */
export const linear = {
  biasAdd: {
    gradient: (g) => [() => g.dy, () => g.sum(g.dy, allButLast(g.node.shape.length))],
    tensorflow: (w, _node, x, bias) =>
      w.node("BiasAdd", [x.name, bias.name], { T: attr.type("float32") }),
    wasm: (k, _node, a, b) => k.run("Add", { a, b }),
  },
  matMul: {
    gradient: (g, a, b) => {
      const { transposeA, transposeB } = g.attrs;
      const product = (left: string, right: string, ta: boolean, tb: boolean): string =>
        g.op("matMul", [left, right], { transposeA: ta, transposeB: tb });
      const left = (): string =>
        transposeA ? product(b, g.dy, transposeB, true) : product(g.dy, b, false, !transposeB);
      const right = (): string =>
        transposeB ? product(g.dy, a, true, transposeA) : product(a, g.dy, !transposeA, false);
      return [() => g.unbroadcast(left(), a), () => g.unbroadcast(right(), b)];
    },
    lower: (c, node) => oneProduct(c, node),
    tensorflow: (w, { attrs: { transposeA, transposeB } }, a, b) => {
      const stacked = a.shape.length > 2 || b.shape.length > 2;
      const [ta, tb] = stacked ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"];
      return w.node(stacked ? "BatchMatMulV2" : "MatMul", [a.name, b.name], {
        T: attr.type("float32"),
        [ta]: attr.bool(transposeA),
        [tb]: attr.bool(transposeB),
      });
    },
    wasm: (k, { attrs }, a, b) =>
      k.run(
        "BatchMatMul",
        { a, b },
        { transposeA: attrs.transposeA, transposeB: attrs.transposeB },
      ),
  },
  batchNorm: {
    gradient: (g, _x, scale, offset, _mean, variance) => [
      () => g.mul(g.dy, gain(g, scale, variance, g.attrs.epsilon)),
      "none",
      () => g.unbroadcast(g.dy, offset),
      "none",
      "none",
    ],
    lower: (c, node, engine) => {
      const folded = intoConvolution(c, node);
      // FusedBatchNorm takes images only
      if (folded !== null || engine === "wasm" || node.shape.length === 4) return folded;
      const [x, scale, offset, mean, variance] = node.inputs as Five;
      const factor = gain(c, scale, variance, node.attrs.epsilon);
      return c.add(c.mul(x, factor), c.sub(offset, c.mul(mean, factor)));
    },
    tensorflow: (w, node, ...inputs) =>
      w.node(
        "FusedBatchNormV3",
        inputs.map(({ name }) => name),
        {
          T: attr.type("float32"),
          U: attr.type("float32"),
          epsilon: attr.float(node.attrs.epsilon),
          is_training: attr.bool(false),
        },
      ),
    wasm: (k, node, x, scale, offset, mean, variance) =>
      k.run(
        "FusedBatchNorm",
        { x, scale, offset, mean, variance },
        { varianceEpsilon: node.attrs.epsilon },
      ),
  },
} satisfies Family;
