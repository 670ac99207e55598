import { percent } from "./strings.ts";
import { bool, list, number, shown, text, truth, UNKNOWN, type Value } from "./values.ts";

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
};
const MOST_ITEMS = 4096;

/** `left operator right` of numbers, texts, lists and tensors; UNKNOWN for anything else. */
export function binary(operator: string, left: Value, right: Value): Value {
  if (left.kind === "number" && right.kind === "number") {
    const result = ARITHMETIC[operator]?.(left.value, right.value);
    return result === undefined ? UNKNOWN : number(result);
  }
  if (left.kind === "text") {
    if (operator === "+") return text(left.value + shown(right));
    if (operator === "%") return percent(left.value, right);
    // pathlib: Path("runs") / "model.keras"
    if (operator === "/") return text(`${left.value}/${shown(right)}`);
  }
  if (right.kind === "text" && (operator === "/" || operator === "+"))
    return text(`*${operator === "/" ? "/" : ""}${right.value}`);
  if (left.kind === "list" && right.kind === "list" && operator === "+")
    return list([...left.items, ...right.items]);
  if (operator === "*") {
    const [items, times] = left.kind === "list" ? [left, right] : [right, left];
    if (items.kind === "list" && times.kind === "number")
      if (items.items.length * times.value <= MOST_ITEMS)
        return list(Array.from({ length: Math.max(0, times.value) }, () => items.items).flat());
  }
  // a sum of tensors came through the layers of both
  if (left.kind === "tensor" || right.kind === "tensor")
    return {
      kind: "tensor",
      through: new Set([left, right].flatMap((v) => (v.kind === "tensor" ? [...v.through] : []))),
    };
  return UNKNOWN;
}

type Plain = string | number | boolean | null;
const plain = (value: Value): Plain | undefined => {
  if (value.kind === "none") return null;
  if (value.kind === "text") return value.value.includes("*") ? undefined : value.value;
  return value.kind === "number" || value.kind === "bool" ? value.value : undefined;
};

/** A comparison, also `is` and `in`; UNKNOWN where only a run would tell. */
export function compare(operator: string, left: Value, right: Value): Value {
  if (operator === "in" || operator === "not in") return contains(left, right, operator === "in");
  const [a, b] = [plain(left), plain(right)];
  const other = (value: Value): boolean => !["unknown", "tensor", "name"].includes(value.kind);
  if (operator === "is" || operator === "is not") {
    if (a === undefined && !other(left)) return UNKNOWN;
    if (b === undefined && !other(right)) return UNKNOWN;
    return bool((a === b) === (operator === "is"));
  }
  if (a === undefined || b === undefined) return UNKNOWN;
  if (operator === "==") return bool(a === b);
  if (operator === "!=") return bool(a !== b);
  if (typeof a !== "number" || typeof b !== "number") return UNKNOWN;
  const orders: Readonly<Record<string, boolean>> = {
    "<": a < b,
    "<=": a <= b,
    ">": a > b,
    ">=": a >= b,
  };
  const found = orders[operator];
  return found === undefined ? UNKNOWN : bool(found);
}

function contains(item: Value, whole: Value, wanted: boolean): Value {
  const one = plain(item);
  if (one === undefined) return UNKNOWN;
  if (whole.kind === "dict") return bool(whole.entries.has(String(one)) === wanted);
  if (whole.kind === "text" && typeof one === "string" && !whole.value.includes("*"))
    return bool(whole.value.includes(one) === wanted);
  if (whole.kind !== "list") return UNKNOWN;
  const items = whole.items.map(plain);
  if (items.includes(one)) return bool(wanted);
  return items.includes(undefined) ? UNKNOWN : bool(!wanted);
}

/** `not`, `-` or `+` of a value; UNKNOWN where only a run would tell. */
export function unary(operator: string, value: Value): Value {
  if (operator === "not") {
    const known = truth(value);
    return known === null ? UNKNOWN : bool(!known);
  }
  if (value.kind !== "number") return UNKNOWN;
  return operator === "-" ? number(-value.value) : operator === "+" ? value : UNKNOWN;
}
