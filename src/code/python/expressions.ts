import type { Node } from "web-tree-sitter";
import { USUAL_NAMES } from "../vocabulary.ts";
import { attribute } from "./attributes.ts";
import { comprehension } from "./comprehensions.ts";
import type { Arguments } from "./values.ts";
import type { Interpreter } from "./interpreter.ts";
import { binary, compare, unary } from "./operators.ts";
import type { Scope } from "./values.ts";
import { element, items, part } from "./sequences.ts";
import { augmented } from "./statements.ts";
import { stringValue } from "./strings.ts";
import { bool, list, NONE, number, shown, text, truth, UNKNOWN, type Value } from "./values.ts";

type Evaluate = (py: Interpreter, node: Node, scope: Scope) => Value;
const field = (node: Node, name: string): Node | null => node.childForFieldName(name);

/** What an expression stands for; UNKNOWN for syntax that is not followed. */
export function expression(py: Interpreter, node: Node, scope: Scope): Value {
  return EXPRESSIONS[node.type]?.(py, node, scope) ?? UNKNOWN;
}

const sequence: Evaluate = (py, node, scope) => list(elements(py, node, scope));
const inner: Evaluate = (py, node, scope) => py.evaluate(node.namedChildren[0] ?? null, scope);

const EXPRESSIONS: Readonly<Record<string, Evaluate>> = {
  identifier: (py, node, scope) => named(py, node.text, scope),
  integer: (_py, node) => number(Number(node.text.replaceAll("_", ""))),
  float: (_py, node) => number(Number(node.text.replaceAll("_", ""))),
  true: () => bool(true),
  false: () => bool(false),
  none: () => NONE,
  string: stringValue,
  concatenated_string: (py, node, scope) =>
    text(node.namedChildren.map((child) => shown(py.evaluate(child, scope))).join("")),
  parenthesized_expression: inner,
  await: inner,
  list: sequence,
  tuple: sequence,
  set: sequence,
  expression_list: sequence,
  dictionary: dictionary,
  list_comprehension: comprehension,
  generator_expression: comprehension,
  set_comprehension: comprehension,
  dictionary_comprehension: comprehension,
  lambda: (_py, node, scope) => ({ kind: "function", node, scope, self: null, owner: null }),
  attribute: (py, node, scope) =>
    attribute(py.evaluate(field(node, "object"), scope), field(node, "attribute")?.text ?? ""),
  subscript: subscript,
  call: (py, node, scope) => {
    const callee = py.evaluate(field(node, "function"), scope);
    return py.call(callee, argumentsOf(py, field(node, "arguments"), scope), node);
  },
  assignment: (py, node, scope) => {
    const [left, right] = [field(node, "left"), field(node, "right")];
    if (!left || !right) return UNKNOWN;
    const value = py.evaluate(right, scope);
    py.assign(left, value, scope);
    return value;
  },
  named_expression: (py, node, scope) => {
    const value = py.evaluate(field(node, "value"), scope);
    scope.set(field(node, "name")?.text ?? "", value);
    return value;
  },
  augmented_assignment: augmented,
  binary_operator: (py, node, scope) =>
    binary(
      field(node, "operator")?.text ?? "",
      py.evaluate(field(node, "left"), scope),
      py.evaluate(field(node, "right"), scope),
    ),
  unary_operator: (py, node, scope) =>
    unary(field(node, "operator")?.text ?? "", py.evaluate(field(node, "argument"), scope)),
  not_operator: (py, node, scope) => unary("not", py.evaluate(field(node, "argument"), scope)),
  comparison_operator: (py, node, scope) => {
    const [left, right, more] = node.namedChildren;
    // chains (a < b < c) are rare enough to be left unknown
    if (!left || !right || more) return UNKNOWN;
    const operator = node.children.filter(({ isNamed }) => !isNamed).map((child) => child.text);
    return compare(operator.join(" "), py.evaluate(left, scope), py.evaluate(right, scope));
  },
  boolean_operator: (py, node, scope) => {
    const left = py.evaluate(field(node, "left"), scope);
    const known = truth(left);
    const wants = field(node, "operator")?.text === "and";
    if (known !== null && known !== wants) return left;
    const right = py.evaluate(field(node, "right"), scope);
    if (known !== null) return right;
    return truth(right) === !wants ? right : UNKNOWN;
  },
  conditional_expression: (py, node, scope) => {
    const [whenTrue, condition, whenFalse] = node.namedChildren;
    const known = truth(py.evaluate(condition ?? null, scope));
    if (known !== null) return py.evaluate((known ? whenTrue : whenFalse) ?? null, scope);
    const first = py.unsure(() => py.evaluate(whenTrue ?? null, scope));
    const second = py.unsure(() => py.evaluate(whenFalse ?? null, scope));
    return first.kind === "unknown" || first.kind === "none" ? second : first;
  },
};

function named(py: Interpreter, name: string, scope: Scope): Value {
  const found = scope.get(name);
  if (found) return found;
  const usual = Object.hasOwn(USUAL_NAMES, name) ? USUAL_NAMES[name] : undefined;
  if (usual !== undefined) return { kind: "name", path: usual };
  if (name === "__name__") return text("__main__");
  if (name === "__file__") return text("./__file__");
  const star = py.globals.get("*");
  return { kind: "name", path: star?.kind === "name" ? `${star.path}.${name}` : name };
}

/** The values of a display or of positional arguments, with what `*` spreads. */
function elements(py: Interpreter, node: Node, scope: Scope): Value[] {
  return node.namedChildren.flatMap((child) => {
    if (child.type === "comment") return [];
    const value = py.evaluate(
      child.type === "list_splat" ? (child.namedChildren[0] ?? null) : child,
      scope,
    );
    return child.type === "list_splat" ? (items(value) ?? []) : [value];
  });
}

function dictionary(py: Interpreter, node: Node, scope: Scope): Value {
  const entries = new Map<string, Value>();
  for (const child of node.namedChildren)
    if (child.type === "pair") {
      const key = py.evaluate(field(child, "key"), scope);
      entries.set(shown(key), py.evaluate(field(child, "value"), scope));
    } else {
      const spread = py.evaluate(child.namedChildren[0] ?? null, scope);
      if (spread.kind === "dict")
        for (const [key, value] of spread.entries) entries.set(key, value);
    }
  return { kind: "dict", entries };
}

function subscript(py: Interpreter, node: Node, scope: Scope): Value {
  const value = py.evaluate(field(node, "value"), scope);
  const key = field(node, "subscript");
  if (key?.type !== "slice") return element(value, py.evaluate(key, scope)) ?? UNKNOWN;
  const ends: (Value | null)[] = [null, null, null];
  let at = 0;
  for (const child of key.children)
    if (child.type === ":") at++;
    else ends[at] = py.evaluate(child, scope);
  return ends[2] ? UNKNOWN : (part(value, ends[0] ?? null, ends[1] ?? null) ?? UNKNOWN);
}

function argumentsOf(py: Interpreter, node: Node | null, scope: Scope): Arguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  // a generator as the only argument stands without a list of arguments
  if (node?.type === "generator_expression") positional.push(py.evaluate(node, scope));
  else
    for (const child of node?.namedChildren ?? []) {
      if (child.type === "comment") continue;
      if (child.type === "keyword_argument")
        named.set(field(child, "name")?.text ?? "", py.evaluate(field(child, "value"), scope));
      else if (child.type === "dictionary_splat") {
        const spread = py.evaluate(child.namedChildren[0] ?? null, scope);
        if (spread.kind === "dict")
          for (const [key, value] of spread.entries) named.set(key, value);
      } else if (child.type === "list_splat")
        positional.push(...(items(py.evaluate(child.namedChildren[0] ?? null, scope)) ?? []));
      else positional.push(py.evaluate(child, scope));
    }
  return { positional, named };
}
