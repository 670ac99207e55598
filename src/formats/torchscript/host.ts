/** What TorchScript's code does beside tensors: sizes, conditions, lists, dicts, texts. */
import { exact, exactly, isFree, type Exact } from "../lower/batch.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { numberOf, isTensorName, type Dict, type Known } from "./values.ts";

type Host = (args: readonly Known[]) => Known | undefined;

const isList = (value: Known | undefined): value is Known[] => Array.isArray(value);
const isDict = (value: Known | undefined): value is Dict => value instanceof Map;
/** More entries than any network's code makes. */
const MAX_ITEMS = 100_000;
const roomFor = (count: number): void => {
  if (!(count <= MAX_ITEMS)) throw new Unsupported(`it makes a list of ${count} entries`);
};

/** On two numbers; undefined where one is a tensor or anything else. */
const two =
  (f: (a: number, b: number) => Known): Host =>
  ([a, b]) => {
    const [left, right] = [numberOf(a), numberOf(b)];
    return left === null || right === null ? undefined : f(left, right);
  };
const one =
  (f: (a: number) => Known): Host =>
  ([a]) => {
    const own = numberOf(a);
    return own === null ? undefined : f(own);
  };
const computed = (op: Exact): Host => two((a, b) => exact(op, a, b));
const tested = (op: Exact): Host => two((a, b) => exact(op, a, b) !== 0);
const whole = (f: (x: number) => number): Host => one((x) => exactly(f, x));

/** Whether two values that are known are the same; undefined where a tensor is among them. */
function same(a: Known | undefined, b: Known | undefined): boolean | undefined {
  if (isTensorName(a) || isTensorName(b)) return undefined;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null && right !== null) return exact("equal", left, right) !== 0;
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return false;
    const each = a.map((item, i) => same(item, b[i]));
    return each.includes(undefined) ? undefined : !each.includes(false);
  }
  return a === b;
}
const identical = (a: Known | undefined, b: Known | undefined): boolean | undefined =>
  isTensorName(a) && isTensorName(b) ? a.ref === b.ref : a === null || b === null ? a === b : same(a, b); // prettier-ignore
const negated = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value;

/** `list[index]`, `dict[key]`, or the character of a text. Throws `Unsupported` where there is none. */
export function itemOf(of: Known, at: Known): Known {
  if (isDict(of) && of.has(at)) return of.get(at) ?? null;
  const index = numberOf(at);
  if (isList(of) && index !== null) {
    const found = of.at(index);
    if (found !== undefined) return found;
  }
  throw new Unsupported("it picks an entry that is not there");
}

const added: Host = ([a, b]) => {
  if (isList(a) && isList(b)) {
    roomFor(a.length + b.length);
    return [...a, ...b];
  }
  if (typeof a === "string" && typeof b === "string") return (a + b).slice(0, MAX_ITEMS);
  return computed("add")([a ?? null, b ?? null]);
};
const repeated: Host = ([a, b]) => {
  const [list, times] = isList(a) ? [a, numberOf(b)] : [b, numberOf(a)];
  if (!isList(list) || times === null) return computed("mul")([a ?? null, b ?? null]);
  roomFor(list.length * times);
  return Array.from({ length: Math.max(0, times) }, () => list).flat(1);
};
const sliced: Host = ([list, start = null, end = null, step = null]) => {
  if (!isList(list)) return undefined;
  const by = numberOf(step) ?? 1;
  if (!(by >= 1)) throw new Unsupported("it steps backwards through a list");
  const part = list.slice(numberOf(start) ?? 0, numberOf(end) ?? list.length);
  return part.filter((_, i) => i % by === 0);
};
const extreme =
  (op: "maximum" | "minimum"): Host =>
  (args) => {
    const all = args.length === 1 && isList(args[0]) ? args[0] : args;
    const numbers = all.map(numberOf);
    const [first, ...rest] = numbers;
    if (first === undefined || numbers.includes(null)) return undefined;
    return rest.reduce<number>((best, n) => exact(op, best, n ?? 0), first ?? 0);
  };

/** The rest of a division that rounds down, as Python has it. */
const remainder = (a: number, b: number): number => ((a % b) + b) % b;
const logic =
  (f: (a: boolean, b: boolean) => boolean): Host =>
  ([a, b]) =>
    typeof a === "boolean" && typeof b === "boolean" ? f(a, b) : undefined;

/** By the names that the code has behind `torch.` and `ops.prim.`; undefined for values that are tensors: then it is an operator. */
export const HOST: Readonly<Record<string, Host>> = {
  add: added,
  sub: computed("sub"),
  mul: repeated,
  div: computed("div"),
  pow: computed("pow"),
  floordiv: two((a, b) => exactly((x) => Math.floor(x / b), a)),
  floor_divide: two((a, b) => exactly((x) => Math.floor(x / b), a)),
  remainder: two((a, b) => (isFree(a) && a % b === 0 ? 0 : exactly((x) => remainder(x, b), a))),
  fmod: two((a, b) => exactly((x) => x % b, a)),
  neg: whole((x) => -x),
  floor: whole(Math.floor),
  ceil: whole(Math.ceil),
  round: whole(Math.round),
  sqrt: one(Math.sqrt),
  abs: whole(Math.abs),
  exp: one(Math.exp),
  log: one(Math.log),
  max: extreme("maximum"),
  min: extreme("minimum"),
  gt: tested("greater"),
  ge: tested("greaterEqual"),
  lt: tested("less"),
  le: tested("lessEqual"),
  eq: ([a, b]) => same(a, b),
  ne: ([a, b]) => negated(same(a, b)),
  __is__: ([a, b]) => identical(a, b),
  __isnot__: ([a, b]) => negated(identical(a, b)),
  __not__: ([a]) => (typeof a === "boolean" ? !a : undefined),
  __and__: logic((a, b) => a && b),
  __or__: logic((a, b) => a || b),
  __xor__: logic((a, b) => a !== b),
  __contains__: ([of, item]) => {
    if (isDict(of)) return of.has(item ?? null);
    return isList(of) ? of.some((own) => same(own, item) === true) : undefined;
  },
  __getitem__: ([of, at]) => (isList(of) || isDict(of) ? itemOf(of, at ?? null) : undefined),
  len: ([of]) =>
    isList(of) || typeof of === "string" ? of.length : isDict(of) ? of.size : undefined,
  slice: sliced,
  list: ([of]) => (isList(of) ? [...of] : undefined),
  append: ([of, item]) => {
    if (!isList(of)) return undefined;
    roomFor(of.length + 1);
    of.push(item ?? null);
    return of;
  },
  extend: ([of, more]) => {
    if (!isList(of) || !isList(more)) return undefined;
    roomFor(of.length + more.length);
    of.push(...more);
    return null;
  },
  insert: ([of, at, item]) => {
    if (!isList(of)) return undefined;
    roomFor(of.length + 1);
    of.splice(numberOf(at) ?? 0, 0, item ?? null);
    return null;
  },
  pop: ([of, at]) => {
    if (!isList(of)) return undefined;
    return of.splice(numberOf(at) ?? -1, 1)[0] ?? null;
  },
  reverse: ([of]) => (isList(of) ? (of.reverse(), null) : undefined),
  clear: ([of]) => (isList(of) ? (of.splice(0), null) : undefined),
  copy: ([of]) => (isList(of) ? [...of] : isDict(of) ? new Map(of) : undefined),
  dict: ([of]) =>
    isDict(of)
      ? new Map(of)
      : new Map(
          (isList(of) ? of : []).map((pair) =>
            isList(pair) ? [pair[0] ?? null, pair[1] ?? null] : [pair, null],
          ),
        ),
  _set_item: ([of, at, item = null]) => {
    if (isDict(of)) {
      roomFor(of.size + 1);
      of.set(at ?? null, item);
      return null;
    }
    const index = numberOf(at);
    if (!isList(of) || index === null) return undefined;
    const place = index < 0 ? index + of.length : index;
    if (!(place >= 0 && place < of.length))
      throw new Unsupported("it sets an entry that is not there");
    of[place] = item;
    return null;
  },
  keys: ([of]) => (isDict(of) ? [...of.keys()] : undefined),
  values: ([of]) => (isDict(of) ? [...of.values()] : undefined),
  items: ([of]) => (isDict(of) ? [...of].map(([key, item]) => [key, item]) : undefined),
  get: ([of, key, other = null]) => (isDict(of) ? (of.get(key ?? null) ?? other) : undefined),
  format: () => "",
  warn: () => null,
  __range_length: ([start, end, step]) => {
    const [a, b, by] = [numberOf(start), numberOf(end), numberOf(step)];
    if (a === null || b === null || by === null || by === 0) return undefined;
    return Math.max(0, Math.ceil((b - a) / by));
  },
  __derive_index: ([i, start, step]) => {
    const [a, b, by] = [numberOf(i), numberOf(start), numberOf(step)];
    return a === null || b === null || by === null ? undefined : b + a * by;
  },
  device: () => "cpu",
  type: () => "cpu",
  is_scripting: () => true,
  is_autocast_enabled: () => false,
  is_autocast_cpu_enabled: () => false,
  // with gradients attention is written out, step by step
  is_grad_enabled: () => true,
  unchecked_unwrap_optional: ([x]) => x,
  unchecked_cast: ([x]) => x,
  NumToTensor: ([x]) => x,
};
