import type { Node } from "web-tree-sitter";
import { isLayerModule } from "../vocabulary.ts";
import type { Interpreter, Outcome } from "./interpreter.ts";
import { Scope } from "./values.ts";
import { binary } from "./operators.ts";
import { items } from "./sequences.ts";
import { NONE, truth, UNKNOWN, type ClassValue, type Value } from "./values.ts";

type Execute = (py: Interpreter, node: Node, scope: Scope) => Outcome;
const field = (node: Node, name: string): Node | null => node.childForFieldName(name);

/** An idle round of a loop makes nothing; after this many the rest would make nothing either. */
const IDLE_ROUNDS = 8;

/** Follows a block's statements until one ends it. Throws `Exhausted` after too many steps. */
export function block(py: Interpreter, node: Node, scope: Scope): Outcome {
  for (const child of node.namedChildren) {
    py.step();
    const outcome = STATEMENTS[child.type]?.(py, child, scope) ?? null;
    if (outcome) return outcome;
  }
  return null;
}

const STATEMENTS: Readonly<Record<string, Execute>> = {
  expression_statement: (py, node, scope) => {
    for (const child of node.namedChildren) py.evaluate(child, scope);
    return null;
  },
  return_statement: (py, node, scope) => ({
    returned: node.namedChildren[0] ? py.evaluate(node.namedChildren[0], scope) : NONE,
  }),
  break_statement: () => "break",
  continue_statement: () => "continue",
  import_statement: (_py, node, scope) => {
    for (const name of node.childrenForFieldName("name")) {
      const alias = field(name, "alias")?.text;
      const path = field(name, "name")?.text ?? name.text;
      const first = path.split(".")[0] ?? path;
      scope.set(alias ?? first, { kind: "name", path: alias ? path : first });
    }
    return null;
  },
  import_from_statement: (_py, node, scope) => {
    const module = field(node, "module_name")?.text ?? "";
    for (const name of node.childrenForFieldName("name")) {
      const path = field(name, "name")?.text ?? name.text;
      scope.set(field(name, "alias")?.text ?? path, { kind: "name", path: `${module}.${path}` });
    }
    if (node.namedChildren.some(({ type }) => type === "wildcard_import") && isLayerModule(module))
      scope.set("*", { kind: "name", path: module });
    return null;
  },
  function_definition: (_py, node, scope) => {
    const name = field(node, "name")?.text ?? "";
    scope.set(name, { kind: "function", node, scope, self: null, owner: null });
    return null;
  },
  class_definition: (py, node, scope) => {
    scope.set(field(node, "name")?.text ?? "", classValue(py, node, scope));
    return null;
  },
  decorated_definition: (py, node, scope) => {
    const definition = field(node, "definition");
    return (definition && STATEMENTS[definition.type]?.(py, definition, scope)) ?? null;
  },
  if_statement: (py, node, scope) => branches(py, node, scope),
  for_statement: loop,
  while_statement: (py, node, scope) => {
    const body = field(node, "body");
    if (!body || truth(py.evaluate(field(node, "condition"), scope)) === false) return null;
    return asLoop(py.unsure(() => py.execute(body, scope)));
  },
  with_statement: (py, node, scope) => {
    for (const clause of node.namedChildren)
      if (clause.type === "with_clause")
        for (const item of clause.namedChildren) py.evaluate(field(item, "value"), scope);
    const body = field(node, "body");
    return body && py.execute(body, scope);
  },
  try_statement: (py, node, scope) => {
    const body = field(node, "body");
    return body && py.execute(body, scope);
  },
};

/** Classes keep their methods and class attributes; their body runs once, like Python's. */
function classValue(py: Interpreter, node: Node, scope: Scope): ClassValue {
  const members = new Scope(scope);
  const bases = field(node, "superclasses")?.namedChildren ?? [];
  const made: ClassValue = {
    kind: "class",
    name: field(node, "name")?.text ?? "",
    node,
    bases: bases
      .filter(({ type }) => type !== "keyword_argument")
      .map((base) => py.evaluate(base, scope)),
    members,
  };
  const body = field(node, "body");
  if (body) py.execute(body, members);
  return made;
}

/** A condition that only a run knows is taken both ways, and what it makes is unsure. */
function branches(py: Interpreter, node: Node, scope: Scope): Outcome {
  const alternatives = node.childrenForFieldName("alternative");
  const parts = [node, ...alternatives];
  let outcome: Outcome = null;
  let open = false;
  for (const part of parts) {
    const condition = field(part, "condition");
    const known = condition ? truth(py.evaluate(condition, scope)) : true;
    if (known === false) continue;
    const body = field(part, "consequence") ?? field(part, "body");
    const run = (): Outcome => body && py.execute(body, scope);
    if (known === true && !open) return run();
    open = true;
    const one = py.unsure(run);
    // what comes behind still counts, unless every way led out
    if (one !== "break" && one !== "continue") outcome ??= one;
    if (known === true) return outcome;
  }
  return null;
}

function loop(py: Interpreter, node: Node, scope: Scope): Outcome {
  const [left, body] = [field(node, "left"), field(node, "body")];
  if (!left || !body) return null;
  const each = items(py.evaluate(field(node, "right"), scope));
  if (!each)
    return py.unsure(() => {
      py.assign(left, UNKNOWN, scope);
      return asLoop(py.execute(body, scope));
    });
  let idle = 0;
  for (const item of each) {
    const before = py.progress;
    py.assign(left, item, scope);
    const outcome = py.execute(body, scope);
    if (outcome === "break") break;
    if (outcome !== null && outcome !== "continue") return outcome;
    idle = py.progress === before ? idle + 1 : 0;
    if (idle >= IDLE_ROUNDS) break;
  }
  return null;
}

const asLoop = (outcome: Outcome): Outcome =>
  outcome === "break" || outcome === "continue" ? null : outcome;

/** `target op= value`. */
export function augmented(py: Interpreter, node: Node, scope: Scope): Value {
  const [left, right] = [field(node, "left"), field(node, "right")];
  if (!left) return UNKNOWN;
  const operator = (field(node, "operator")?.text ?? "").replace(/=$/, "");
  const before = py.evaluate(left, scope);
  const value = py.evaluate(right, scope);
  if (before.kind === "list" && operator === "+") {
    before.items.push(...(items(value) ?? [UNKNOWN]));
    py.progress++;
    return before;
  }
  const after = binary(operator, before, value);
  py.assign(left, after, scope);
  return after;
}
