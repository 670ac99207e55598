import * as cf from "../../lower/index.ts";
import type { Call, Operators } from "../call.ts";

const AUTO_PAD = ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"];

/** Strides, dilations and padding of a window over `rank` axes. Throws `Impossible` where they are of another number of axes. */
export function geometryOf(call: Call, rank: number): cf.Geometry {
  const ones = cf.range(rank).map(() => 1);
  for (const [name, wanted] of Object.entries({ strides: rank, dilations: rank, pads: 2 * rank })) {
    const told = call.ints(name);
    if (told && told.length !== wanted && told.length > 0)
      throw new cf.Impossible(`'${call.l.name}' has ${name} [${told.join(", ")}] for ${rank} axes`);
  }
  const pads = call.ints("pads") ?? [];
  const auto = call.text("auto_pad", "NOTSET");
  if (!AUTO_PAD.includes(auto))
    throw new cf.Impossible(`'${call.l.name}' has the auto_pad '${auto}'`);
  const zeros = cf.range(rank).map(() => 0);
  const explicit = { begin: pads.slice(0, rank), end: pads.slice(rank) };
  return {
    strides: call.ints("strides") ?? ones,
    dilations: call.ints("dilations") ?? ones,
    padding:
      auto === "SAME_UPPER"
        ? "upper"
        : auto === "SAME_LOWER"
          ? "lower"
          : auto === "VALID"
            ? { begin: zeros, end: zeros }
            : explicit,
  };
}
/** Of a pooling: it has no weights to tell it. */
function windowOf(call: Call, rank: number): readonly number[] {
  const told = call.ints("kernel_shape");
  if (told?.length === rank) return told;
  throw new cf.Impossible(
    `'${call.l.name}' has windows of [${told?.join(", ") ?? ""}] over ${rank} axes`,
  );
}
/** A kernel, whose size may be told once more. Throws `Impossible` where that is another one. */
function kernelOf(call: Call): cf.Value {
  const kernel = call.input(1);
  const [told, own] = [call.ints("kernel_shape"), kernel.shape.slice(2)];
  if (told && told.join() !== own.join())
    throw new cf.Impossible(
      `'${call.l.name}' has the kernel_shape [${told.join(", ")}], and weights of [${own.join(", ")}]`,
    );
  return kernel;
}

/** Convolutions and pooling of [N, C, L] and [N, C, H, W]; `Global...` pools all positions. */
export const convolution: Operators = [
  [
    "Conv",
    (call) => {
      const rank = cf.spatialRank(call.x);
      const kernel = kernelOf(call);
      const groups = call.int("group", 1);
      return cf.convolution(
        call.l,
        call.x,
        kernel,
        call.optional(2),
        geometryOf(call, rank),
        groups,
      );
    },
  ],
  [
    "ConvTranspose",
    (call) => {
      const rank = cf.spatialRank(call.x);
      const geometry = geometryOf(call, rank);
      const groups = call.int("group", 1);
      const transposed = {
        outputPadding: call.ints("output_padding") ?? [],
        outputShape: call.ints("output_shape")?.slice(-rank) ?? null,
      };
      return cf.transposedConvolution(
        call.l,
        call.x,
        kernelOf(call),
        call.optional(2),
        geometry,
        groups,
        transposed,
      );
    },
  ],
  ["MaxPool", maxPool],
  [
    "AveragePool",
    (call) => cf.averagePool(call.l, call.x, poolOf(call), call.int("count_include_pad", 0) === 1),
  ],
  ["LpPool", lpPool],
  ["GlobalAveragePool", (call) => cf.globalPool(call.l, call.x, "mean")],
  ["GlobalMaxPool", (call) => cf.globalPool(call.l, call.x, "max")],
  [
    "GlobalLpPool",
    (call) => {
      const axes = cf.range(call.x.shape.length - 2, 2);
      return power(call, cf.reduce(call.l, "sum", powered(call), axes, true));
    },
  ],
];

function poolOf(call: Call): cf.Pool {
  const rank = cf.spatialRank(call.x);
  return {
    ...geometryOf(call, rank),
    window: windowOf(call, rank),
    ceil: call.int("ceil_mode", 0) === 1,
  };
}
/** The maxima, and their places where the file asks for them. */
function maxPool(call: Call): readonly cf.Value[] {
  const { l, x, node } = call;
  const pool = poolOf(call);
  const maxima = cf.maxPool(l, x, pool);
  if (!node.outputs[1]) return [maxima];
  return [maxima, cf.maxPoolPlaces(l, x, pool, call.int("storage_order", 0) === 1)];
}

const exponent = (call: Call): number => call.attribute("p")?.float ?? call.int("p", 2);
const powered = (call: Call): cf.Value =>
  cf.binary(call.l, "pow", cf.unary(call.l, "abs", call.x), cf.number(exponent(call)));
const power = (call: Call, sum: cf.Value): cf.Value =>
  cf.binary(call.l, "pow", sum, cf.number(1 / exponent(call)));

/** The p-norm of each window; one that sticks out has fewer cells. */
function lpPool(call: Call): cf.Value {
  return power(call, cf.sumPool(call.l, powered(call), poolOf(call)));
}
