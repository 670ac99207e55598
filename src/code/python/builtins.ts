import { attribute } from "./attributes.ts";
import type { Arguments } from "./values.ts";
import type { Interpreter } from "./interpreter.ts";
import { items, range } from "./sequences.ts";
import { list, NONE, number, numbers, shown, text, UNKNOWN, type Value } from "./values.ts";

type Builtin = (
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  py: Interpreter,
) => Value | null;

const each = (value: Value | undefined): readonly Value[] | null => (value ? items(value) : null);
const known = (values: readonly Value[] | null): number[] | null =>
  numbers(list([...(values ?? [UNKNOWN])]));
/** `min(a, b)` and `min(list)` alike. */
const extreme =
  (of: (...values: number[]) => number): Builtin =>
  (args) => {
    const values = known(args.length === 1 ? each(args[0]) : args);
    return values && values.length > 0 ? number(of(...values)) : UNKNOWN;
  };
const rounded =
  (how: (value: number) => number): Builtin =>
  ([value]) =>
    value?.kind === "number"
      ? number(how(value.value))
      : value?.kind === "text" && /^\d+$/.test(value.value)
        ? number(Number(value.value))
        : UNKNOWN;
const asList: Builtin = ([value]) =>
  value ? ((all): Value => (all ? list([...all]) : UNKNOWN))(items(value)) : list([]);
const asDict: Builtin = ([value], named) => {
  const pairs = value?.kind === "dict" ? [...value.entries] : pairsOf(value);
  return { kind: "dict", entries: new Map([...pairs, ...named]) };
};

function pairsOf(value: Value | undefined): [string, Value][] {
  return (each(value) ?? []).flatMap((pair): [string, Value][] => {
    const [key, item] = items(pair) ?? [];
    return key && item ? [[shown(key), item]] : [];
  });
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  range: (args) => range(args),
  len: ([value]) => ((all): Value => (all ? number(all.length) : UNKNOWN))(each(value)),
  enumerate: ([value, start], named) => {
    const first = start ?? named.get("start");
    const from = first?.kind === "number" ? first.value : 0;
    const all = each(value);
    return all ? list(all.map((item, i) => list([number(from + i), item]))) : UNKNOWN;
  },
  zip: (args) => {
    const all = args.map(each);
    if (!all.every((one) => one !== null) || all.length === 0) return UNKNOWN;
    const length = Math.min(...all.map((one) => one.length));
    return list(Array.from({ length }, (_, i) => list(all.map((one) => one[i] ?? UNKNOWN))));
  },
  reversed: ([value]) => ((all): Value => (all ? list([...all].reverse()) : UNKNOWN))(each(value)),
  list: asList,
  tuple: asList,
  sorted: asList,
  dict: asDict,
  OrderedDict: asDict,
  int: rounded(Math.trunc),
  round: rounded(Math.round),
  float: rounded((value) => value),
  abs: rounded(Math.abs),
  str: ([value]) => text(value ? shown(value) : ""),
  max: extreme(Math.max),
  min: extreme(Math.min),
  sum: ([value]) => {
    const values = known(each(value));
    return values ? number(values.reduce((a, b) => a + b, 0)) : UNKNOWN;
  },
  getattr: ([value, name]) =>
    value && name?.kind === "text" ? attribute(value, name.value) : UNKNOWN,
  setattr: ([of, name, value], _named, py) => {
    if (of?.kind === "instance" && name && value) {
      of.attributes.set(shown(name), value);
      py.progress++;
    }
    return NONE;
  },
  print: () => NONE,
};

/** A function that Python has by itself; null for any other. */
export function builtin(py: Interpreter, path: string, args: Arguments): Value | null {
  const name = path === "collections.OrderedDict" ? "OrderedDict" : path;
  return Object.hasOwn(BUILTINS, name)
    ? (BUILTINS[name]?.(args.positional, args.named, py) ?? UNKNOWN)
    : null;
}
