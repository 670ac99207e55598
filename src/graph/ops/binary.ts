import { at } from "../../base/at.ts";
import type { Made } from "./attributes.ts";
import { type Definition, type Family, type Known, noMacs, type Numbers } from "./definition.ts";
import { spread } from "./moving.ts";
import { cellwise } from "./reading.ts";
import { broadcastAll, same } from "./shaping.ts";

/** Fills `out` from numbers of `a` and `b`, each from its start again at its end. */
type InTurn = (out: Numbers, a: ArrayLike<number>, b: ArrayLike<number>) => void;

/** Where neither `a` nor `b` starts again, one behind the other: places in `out`, `a` and `b`, and how many cells. */
function* runs(
  out: Numbers,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Generator<readonly [i: number, p: number, q: number, run: number]> {
  for (let i = 0; i < out.length;) {
    const [p, q] = [i % a.length, i % b.length];
    const run = Math.min(a.length - p, b.length - q);
    yield [i, p, q, run];
    i += run;
  }
}

/**
 * A loop each for what kernels are folded by: called through a variable, the operation would make an object of every number, and
 * there are millions.
 */
const addInTurn: InTurn = (out, a, b) => {
  for (const [i, p, q, run] of runs(out, a, b))
    for (let k = 0; k < run; k++) out[i + k] = (a[p + k] as number) + (b[q + k] as number);
};
const subInTurn: InTurn = (out, a, b) => {
  for (const [i, p, q, run] of runs(out, a, b))
    for (let k = 0; k < run; k++) out[i + k] = (a[p + k] as number) - (b[q + k] as number);
};
const mulInTurn: InTurn = (out, a, b) => {
  for (const [i, p, q, run] of runs(out, a, b))
    for (let k = 0; k < run; k++) out[i + k] = (a[p + k] as number) * (b[q + k] as number);
};
const inTurn =
  (f: (a: number, b: number) => number): InTurn =>
  (out, a, b) => {
    for (let i = 0, p = 0, q = 0; i < out.length; i++) {
      out[i] = f(a[p] ?? NaN, b[q] ?? NaN);
      if (++p === a.length) p = 0;
      if (++q === b.length) q = 0;
    }
  };

/** Whether `x` is the same all along the axes that it lacks, so that its numbers follow each other again and again. */
function repeats({ shape, data }: Known, whole: readonly number[]): boolean {
  if (data.length === 1) return true;
  const own = shape.slice(shape.findIndex((size) => size !== 1));
  return own.every((size, i) => size === whole[whole.length - own.length + i]);
}
/** A function of the cells at the same place, with NumPy's broadcasting. */
function binary<K extends Made>(loop: InTurn, shape: Definition<K>["shape"]): Definition<K> {
  return {
    shape,
    reads: cellwise,
    macs: noMacs,
    cells: (out, inputs, call) => {
      const [a, b] = [at(inputs, 0), at(inputs, 1)].map((x) =>
        repeats(x, call.shape) ? x.data : spread(x, call.shape),
      ) as [ArrayLike<number>, ArrayLike<number>];
      loop(out, a, b);
    },
  };
}
const arithmetic = <K extends Made>(loop: InTurn): Definition<K> => binary(loop, broadcastAll());
const comparison = <K extends Made>(f: (a: number, b: number) => boolean): Definition<K> =>
  binary(
    inTurn((a, b) => Number(f(a, b))),
    (inputs) => ({ ...broadcastAll()(inputs), dtype: "bool" }),
  );
const slope = <K extends Made>(f: (dy: number, x: number) => number): Definition<K> =>
  binary(inTurn(f), same);

/**
 * Elementwise with NumPy's broadcasting: comparisons and logic give bool, the others the type of
 * the first input (`select`: of the second). Gradients of activations do not broadcast.
 */
export const binaryFunctions = {
  add: arithmetic(addInTurn),
  sub: arithmetic(subInTurn),
  mul: arithmetic(mulInTurn),
  div: arithmetic(inTurn((a, b) => a / b)),
  maximum: arithmetic(inTurn(Math.max)),
  minimum: arithmetic(inTurn(Math.min)),
  pow: arithmetic(inTurn(Math.pow)),
  greater: comparison((a, b) => a > b),
  greaterEqual: comparison((a, b) => a >= b),
  less: comparison((a, b) => a < b),
  lessEqual: comparison((a, b) => a <= b),
  equal: comparison((a, b) => a === b),
  notEqual: comparison((a, b) => a !== b),
  logicalAnd: comparison((a, b) => a !== 0 && b !== 0),
  logicalOr: comparison((a, b) => a !== 0 || b !== 0),
  reluGrad: slope((dy, x) => (x > 0 ? dy : 0)),
  relu6Grad: slope((dy, x) => (x > 0 && x < 6 ? dy : 0)),
  eluGrad: slope((dy, y) => (y >= 0 ? dy : dy * (y + 1))),
  select: {
    shape: broadcastAll(1),
    reads: cellwise,
    macs: noMacs,
    cells: (out, inputs, call) => {
      const [condition, yes, no] = inputs.map((x) => spread(x, call.shape));
      for (let i = 0; i < out.length; i++) out[i] = (condition?.[i] ? yes?.[i] : no?.[i]) ?? NaN;
    },
  },
} satisfies Family;
