import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operator, Operators } from "../call.ts";

const SQUASHES: Readonly<Record<string, cf.Squash>> = cf.squash;

/** What the gates, candidates and cells of one direction go through. */
function squashes(call: Call, count: number, direction: number): cf.Squash[] {
  const usual = count === 1 ? ["Tanh"] : ["Sigmoid", "Tanh", "Tanh"];
  const told = call.attribute("activations")?.texts ?? [];
  const names = told.length === 0 ? usual : told.slice(direction * count);
  return cf.range(count).map((i) => {
    const name = names[i] ?? "";
    const known = SQUASHES[name.toLowerCase()];
    if (!known) throw new Unsupported(`its activation '${name}' is not known`);
    return known;
  });
}

/** The part of direction `index` of a value that has one for each of them, along axis 0. */
function ofDirection(call: Call, value: cf.Value | null, index: number): cf.Value | null {
  return value && cf.squeeze(call.l, cf.slice(call.l, value, [0], [index], [index + 1], [1]), [0]);
}

/** The kernels [gates * H, in] of a direction as the graph's products take them. */
const turned = ({ l }: Call, kernels: cf.Value, index: number): cf.Value =>
  cf.transpose(l, cf.squeeze(l, cf.slice(l, kernels, [0], [index], [index + 1], [1]), [0]), [1, 0]);

function checkLengths(call: Call, steps: number): void {
  const lengths = call.optional(4) && call.numbers(4, "sequence_lens");
  if (lengths && !lengths.data.every((length) => length === steps))
    throw new Unsupported("its sequences have lengths of their own");
  if (call.has("clip")) throw new Unsupported("its cells are clipped");
  if (call.int("input_forget", 0) !== 0)
    throw new Unsupported("its input and forget gates are one");
}

const DIRECTIONS: ReadonlyMap<string, readonly boolean[]> = new Map([
  ["forward", [false]],
  ["reverse", [true]],
  ["bidirectional", [false, true]],
]);
/** Whether each goes backwards. Throws `Impossible` where the kernels are of another number of directions, or of cells, than is told. */
function directionsOf(call: Call, kernels: cf.Value, recurrents: cf.Value): readonly boolean[] {
  const told = call.text("direction", "forward");
  const all = DIRECTIONS.get(told);
  const [of, hidden] = [kernels.shape[0], recurrents.shape.at(-1)];
  const { name } = call.l;
  if (!all || all.length !== of)
    throw new cf.Impossible(`'${name}' goes '${told}', and its kernels are of ${of} directions`);
  if (call.has("hidden_size") && call.int("hidden_size", 0) !== hidden)
    throw new cf.Impossible(
      `'${name}' has ${call.int("hidden_size", 0)} cells, and kernels of ${hidden}`,
    );
  return all;
}

/**
 * In the file's order: x [T, N, in] -> [T, directions, N, H], and the last steps [directions, N, H]; with `layout` 1 N is first.
 * `kernels`: [directions, gates * H, in] and [directions, gates * H, H].
 */
export function recurrentWith(
  call: Call,
  gates: cf.Gates,
  count: number,
  [kernels, recurrents]: readonly [cf.Value, cf.Value],
): readonly cf.Value[] {
    const { l } = call;
    const batchFirst = call.int("layout", 0) === 1;
    const x = batchFirst ? call.x : cf.transpose(l, call.x, [1, 0, 2]);
    checkLengths(call, cf.known(x.shape, 1));
    const all = directionsOf(call, kernels, recurrents);
    const state = (input: number, index: number): cf.Value | null => {
      const value = call.optional(input);
      const first = value && (batchFirst ? cf.transpose(l, value, [1, 0, 2]) : value);
      return first && cf.squeeze(l, cf.slice(l, first, [0], [index], [index + 1], [1]), [0]);
    };
    const made = all.map((backwards, index) => {
      const { tanh } = cf.squash;
      const [first = tanh, second = tanh, third = tanh] = squashes(call, count, index);
      const biases = ofDirection(call, call.optional(3), index);
      const [bias = null, recurrentBias = null] = biases ? cf.splitEvenly(l, biases, 0, 2) : [];
      const peeps = count === 3 ? ofDirection(call, call.optional(7), index) : null;
      const [input, output, forget] = peeps ? cf.splitEvenly(l, peeps, 0, 3) : [];
      return cf.recurred(l, x, {
        ...{ gates, bias, recurrentBias, backwards },
        kernel: turned(call, kernels, index),
        recurrent: turned(call, recurrents, index),
        hidden: state(5, index),
        cell: count === 3 ? state(6, index) : null,
        peepholes: input && output && forget ? [input, output, forget] : null,
        gate: first,
        candidate: count === 1 ? first : second,
        output: third,
        resetAfter: call.int("linear_before_reset", 0) === 1,
      });
    });
    const sequence = cf.stack(l, made.map((one) => one.sequence), 2);
    const hidden = cf.stack(l, made.map((one) => one.hidden), 1);
    const cells = made.flatMap((one) => one.cell ?? []);
    const last = [hidden, ...(cells.length > 0 ? [cf.stack(l, cells, 1)] : [])];
    return batchFirst
      ? [sequence, ...last]
      : [cf.transpose(l, sequence, [1, 2, 0, 3]), ...last.map((v) => cf.transpose(l, v, [1, 0, 2]))];
} // prettier-ignore

const recurrent =
  (gates: cf.Gates, count: number): Operator =>
  (call) =>
    recurrentWith(call, gates, count, [call.input(1), call.input(2)]);

/** `LSTM`, `GRU` and `RNN`, forwards, backwards and both, written out step by step. */
export const recurrents: Operators = [
  ["LSTM", recurrent("iofc", 3)],
  ["GRU", recurrent("zrh", 2)],
  ["RNN", recurrent("h", 1)],
];
