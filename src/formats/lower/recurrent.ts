/**
 * Recurrent layers, written out step by step: what a step gives is what the next one takes, and all of it is sums, products and
 * activations, so gradients and every method pass through them as through any other layer.
 */
import { at } from "../../base/at.ts";
import { binary, number, unary } from "./elementwise.ts";
import { concat, slice, split, stack } from "./indexing.ts";
import { addBias, matMul } from "./linear.ts";
import type { Lowering } from "./lowering.ts";
import { squeeze } from "./reshaping.ts";
import { Unsupported } from "./unsupported.ts";
import { known, range, type Value } from "./value.ts";

/** Steps are nodes of the graph: a sequence longer than this would be too many. */
const MOST_STEPS = 1024;

/**
 * Which gates stand side by side in the kernels, a letter each. Of an LSTM (Hochreiter & Schmidhuber 1997; Gers et al. 2000) `i`nput,
 * `f`orget, `c`ell and `o`utput; of a GRU (Cho et al. 2014) `z` (update), `r`eset and `h`idden; of a plain recurrence `h`.
 */
export type Gates = "ifco" | "iofc" | "icfo" | "zrh" | "rzh" | "h";
/** What gates and candidates go through. */
export type Squash = (l: Lowering, x: Value) => Value;
export const squash: Readonly<Record<"sigmoid" | "tanh" | "relu", Squash>> = {
  sigmoid: (l, x) => unary(l, "sigmoid", x),
  tanh: (l, x) => unary(l, "tanh", x),
  relu: (l, x) => unary(l, "relu", x),
};

/** One direction of a recurrent layer of H units. */
export interface Recurrence {
  readonly gates: Gates;
  /** [in, gates * H] and [H, gates * H] */
  readonly kernel: Value;
  readonly recurrent: Value;
  /** [gates * H] each: added to what comes from the input, and from the step before. */
  readonly bias: Value | null;
  readonly recurrentBias: Value | null;
  /** [N, H] each: what is before the first step; zeros where left out. */
  readonly hidden: Value | null;
  readonly cell: Value | null;
  /** Of an LSTM: [H] each for the gates `i`, `o`, `f`, which see the cell through them. */
  readonly peepholes: readonly [Value, Value, Value] | null;
  readonly gate: Squash;
  readonly candidate: Squash;
  /** What an LSTM's cell goes through before it is given; the new cell of another goes through none. */
  readonly output: Squash;
  /** Of a GRU: the reset gate works on what the recurrent kernel made of the step before, not on the step itself. */
  readonly resetAfter: boolean;
  /** From the last step to the first; what is given stays in the order of the input. */
  readonly backwards: boolean;
}
/** What a direction gives: [N, T, H], and the last step's hidden and cell values [N, H]. */
export interface Recurred {
  readonly sequence: Value;
  readonly hidden: Value;
  /** null: an LSTM alone has one. */
  readonly cell: Value | null;
}

interface Step {
  readonly hidden: Value;
  readonly cell: Value | null;
}

/** One direction over x [N, T, in]. Throws `Unsupported` for a sequence that is not known to be short. */
export function recurred(l: Lowering, x: Value, own: Recurrence): Recurred {
  const steps = known(x.shape, 1);
  if (steps > MOST_STEPS)
    throw new Unsupported(`it goes through ${steps} steps, more than ${MOST_STEPS}`);
  if (steps === 0) throw new Unsupported("it goes through no step");
  const product = matMul(l, x, own.kernel);
  const fed = own.bias ? addBias(l, product, own.bias) : product;
  const order = own.backwards ? range(steps).reverse() : range(steps);
  const given: Value[] = [];
  let state = { hidden: begun(l, own.hidden), cell: begun(l, own.cell) };
  let last: Step | null = null;
  for (const step of order) {
    const now = squeeze(l, slice(l, fed, [1], [step], [step + 1], [1]), [1]);
    last = STEPS[own.gates](l, now, state.hidden, state.cell, own);
    given[step] = last.hidden;
    state = last;
  }
  if (!last) throw new Unsupported("it goes through no step");
  return { sequence: stack(l, given, 1), hidden: last.hidden, cell: last.cell };
}

/** What is known to be zeros adds nothing, for however many pictures the file wrote them. */
const begun = (l: Lowering, state: Value | null): Value | null =>
  state && l.known(state)?.data.every((n) => n === 0) ? null : state;

type OneStep = (
  l: Lowering,
  /** The gates of this step [N, gates * H], as far as they come from the input. */
  fed: Value,
  hidden: Value | null,
  cell: Value | null,
  own: Recurrence,
) => Step;

const sum = (l: Lowering, a: Value, b: Value | null): Value => (b ? binary(l, "add", a, b) : a);
const times = (l: Lowering, a: Value, b: Value): Value => binary(l, "mul", a, b);

/** What `part` of the recurrent kernel makes of the step before; null where nothing is added. */
function fromBefore(
  l: Lowering,
  hidden: Value | null,
  own: Recurrence,
  gates = own.gates.length,
): Value | null {
  const width = known(own.recurrent.shape, 0) * gates;
  const [kernel, bias] = [own.recurrent, own.recurrentBias].map((value) =>
    value && slice(l, value, [-1], [0], [width], [1]),
  ); // prettier-ignore
  if (!hidden) return bias ?? null;
  const product = matMul(l, hidden, kernel ?? own.recurrent);
  return bias ? addBias(l, product, bias) : product;
}

/** c' = f * c + i * g, h' = o * s(c'), with what an LSTM's gates see of the cell. */
const lstm: OneStep = (l, fed, hidden, cell, own) => {
  const all = sum(l, fed, fromBefore(l, hidden, own));
  const parts = parted(l, all, own.gates);
  const [fromI, fromO, fromF] = own.peepholes ?? [null, null, null];
  const seen = (part: Value, through: Value | null, now: Value | null): Value =>
    own.gate(l, through && now ? sum(l, part, times(l, now, through)) : part);
  const input = seen(parts("i"), fromI, cell);
  const added = times(l, input, own.candidate(l, parts("c")));
  const next = cell ? sum(l, times(l, seen(parts("f"), fromF, cell), cell), added) : added;
  const opened = seen(parts("o"), fromO, next);
  return { hidden: times(l, opened, own.output(l, next)), cell: next };
};

/** h' = z * h + (1 - z) * s(..r..) */
const gru: OneStep = (l, fed, hidden, _, own) => {
  const parts = parted(l, fed, own.gates);
  const first = own.resetAfter ? own.gates.length : own.gates.length - 1;
  const before = fromBefore(l, hidden, own, first);
  const old = before && parted(l, before, own.gates.slice(0, first));
  const gate = (letter: string): Value => own.gate(l, sum(l, parts(letter), old && old(letter)));
  const [update, reset] = [gate("z"), gate("r")];
  const candidate = own.candidate(l, sum(l, parts("h"), own.resetAfter
    ? old && times(l, reset, old("h"))
    : resetBefore(l, hidden, reset, own))); // prettier-ignore
  const change = hidden ? binary(l, "sub", hidden, candidate) : null;
  const kept = change ? times(l, update, change) : times(l, update, unary(l, "neg", candidate));
  return { hidden: sum(l, candidate, kept), cell: null };
};
/** What the last gate's kernel makes of the step before where the reset gate lets it through. */
function resetBefore(l: Lowering, hidden: Value | null, reset: Value, own: Recurrence): Value | null {
  const [from, to] = [2, 3].map((n) => n * known(own.recurrent.shape, 0)) as [number, number];
  const bias = own.recurrentBias && slice(l, own.recurrentBias, [-1], [from], [to], [1]);
  if (!hidden) return bias;
  const kernel = slice(l, own.recurrent, [-1], [from], [to], [1]);
  const product = matMul(l, times(l, reset, hidden), kernel);
  return bias ? addBias(l, product, bias) : product;
} // prettier-ignore

const plain: OneStep = (l, fed, hidden, _, own) => {
  const all = sum(l, fed, fromBefore(l, hidden, own));
  return { hidden: own.candidate(l, all), cell: null };
};

const STEPS: Readonly<Record<Gates, OneStep>> = {
  ...{ ifco: lstm, iofc: lstm, icfo: lstm },
  ...{ zrh: gru, rzh: gru },
  h: plain,
};

/** The parts of [N, gates * H] by the letters of their gates. */
function parted(l: Lowering, all: Value, letters: string): (letter: string) => Value {
  const each = known(all.shape, -1) / letters.length;
  const parts = split(l, all, -1, range(letters.length).map(() => each)); // prettier-ignore
  return (letter) => at(parts, letters.indexOf(letter));
}

/** How the directions of a layer become one tensor. */
export type Merged = "concat" | "sum" | "mul" | "ave";
/** What two directions give as one: side by side, or added, multiplied or averaged. */
export function merged(l: Lowering, values: readonly Value[], how: Merged): Value {
  if (how === "concat") return concat(l, values, -1);
  const op = how === "mul" ? "mul" : "add";
  const all = values.slice(1).reduce((a, b) => binary(l, op, a, b), at(values, 0));
  return how === "ave" ? binary(l, "mul", all, number(1 / values.length)) : all;
}
