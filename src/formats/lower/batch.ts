/**
 * The free batch in the arithmetic of shapes: the one way in which formats say it.
 *
 * While a file is read, sizes are whole numbers, and the batch is BATCH: a prime that no network has as a size, so a whole
 * multiple of it is that many times the batch (windows, heads and positions that a reshape takes into the first axis). What is
 * worked out with it has to stay such a multiple, or to be the same for every batch; anything else (N + 1, N / 2, N > 3) is
 * refused with a sentence instead of becoming a number.
 */
import { evaluateInDoubles, type KnownNumbers } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { Unsupported } from "./unsupported.ts";

/** The number N of pictures in a batch, as shapes have it while a file is read. */
export const BATCH = 1000003;

/** Whether a size counts pictures: `N`, `4 N`. */
export const isFree = (size: number): boolean => size !== 0 && size % BATCH === 0;
/** A size for the graph; multiples of the batch are free. */
export const freed = (size: number): number | null => (isFree(size) ? null : size);
/** A size with `batch` pictures: `7 N` -> 14 for a batch of 2; a size without the batch stays. */
export const sizeFor = (size: number, batch: number): number =>
  isFree(size) ? (size / BATCH) * batch : size;
/** A size of an example with `batch` pictures that counts them; null where it cannot. */
export const freeAgain = (size: number, batch: number): number | null =>
  batch > 0 && size > 0 && size % batch === 0 ? (size / batch) * BATCH : null;

/**
 * A shape that a file which was written for `batch` pictures reshapes `shape` to, with the batch free again: it stands in the
 * first axis with as many cells before it as there are before the batch in `shape`. Unchanged where there is no such axis.
 */
export function freeBatch(
  shape: readonly number[],
  wanted: readonly number[],
  batch: number,
): number[] {
  const place = shape.findIndex(isFree);
  if (place < 0 || wanted.some(isFree)) return [...wanted];
  const fixed = shape.map((size) => sizeFor(size, batch));
  const rest = sizeOf(fixed) / sizeOf(wanted.map((size) => (size === -1 ? 1 : size)));
  const target = wanted.map((size) => (size === -1 ? rest : size));
  const before = sizeOf(fixed.slice(0, place));
  const axis = target.findIndex(
    (size, i) => freeAgain(size, batch) !== null && sizeOf(target.slice(0, i)) === before,
  );
  return axis < 0
    ? [...wanted]
    : target.map((size, i) => (i === axis ? (size / batch) * BATCH : size));
}

/** How often a free first axis counts the batch when `before` cells behind it become `after`, having counted it `times`. */
export function timesAfter(times: number, before: number, after: number): number {
  const all = times * before;
  if (after === 0 || all % after !== 0)
    throw new Unsupported(`it deals ${all} numbers of each picture out in rows of ${after}`);
  return all / after;
}

const mixed = (): Unsupported =>
  new Unsupported("it computes with the size of the batch what is not so many times the batch");

/** `result` where it is a whole multiple of the batch, but not of its square; throws `Unsupported`. */
function multiple(result: number): number {
  if (result !== 0 && (!isFree(result) || isFree(result / BATCH))) throw mixed();
  return result;
}

const TESTS = ["greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual", "logicalAnd", "logicalOr"] as const; // prettier-ignore
type Arithmetic = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "pow";
/** What shapes are computed with, on two numbers. */
export type Exact = (typeof TESTS)[number] | Arithmetic;
/** Whether its result is a truth value. */
export const isTest = (op: Exact): boolean => (TESTS as readonly string[]).includes(op);

const scalar = (value: number): KnownNumbers => ({ shape: [], data: [value], dtype: "float32" });
const plain =
  (op: Exact) =>
  (a: number, b: number): number =>
    at(evaluateInDoubles(op, {}, [scalar(a), scalar(b)])?.data ?? [], 0);

/** `a op b`; where one of them counts pictures, exact for every batch from 1 on, or `Unsupported`. */
export function exact(op: Exact, a: number, b: number): number {
  const f = plain(op);
  const free = [isFree(a), isFree(b)];
  if (!free.includes(true)) return f(a, b);
  switch (op) {
    case "logicalAnd":
    case "logicalOr":
      return f(a, b);
    case "div":
      // so many times the batch over so many times the batch is a number
      return free[1] ? (free[0] ? a / b : zeroOnly(a)) : multiple(a / b);
    case "greater":
    case "greaterEqual":
    case "less":
    case "lessEqual":
    case "maximum":
    case "minimum": {
      // what holds for one picture and for very many holds for all between
      const first = f(sizeFor(a, 1), sizeFor(b, 1));
      const last = f(a, b);
      if (last === first || sizeFor(last, 1) === first) return last;
      throw mixed();
    }
    case "equal":
    case "notEqual": {
      const batch = free[0] === free[1] ? null : free[0] ? b / (a / BATCH) : a / (b / BATCH);
      if (batch !== null && Number.isInteger(batch) && batch >= 1) throw mixed();
      return f(a, b);
    }
    default:
      return multiple(f(a, b));
  }
}
function zeroOnly(a: number): number {
  if (a !== 0) throw mixed();
  return 0;
}

/** `f(x)` that must stay a multiple of the batch where `x` is one. */
export const exactly = (f: (x: number) => number, x: number): number =>
  isFree(x) ? multiple(f(x)) : f(x);
