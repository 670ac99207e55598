import type { Node } from "web-tree-sitter";
import type { Interpreter } from "./interpreter.ts";
import { Scope } from "./values.ts";
import { items } from "./sequences.ts";
import { list, shown, truth, UNKNOWN, type Value } from "./values.ts";

/** `[body for x in xs if condition]`, and its likes for sets, generators and dictionaries. */
export function comprehension(py: Interpreter, node: Node, scope: Scope): Value {
  const [body, ...clauses] = node.namedChildren;
  const pairs: [string, Value][] = [];
  const values: Value[] = [];
  const make = (inside: Scope): void => {
    if (body?.type === "pair") {
      const key = py.evaluate(body.childForFieldName("key"), inside);
      pairs.push([shown(key), py.evaluate(body.childForFieldName("value"), inside)]);
    } else values.push(py.evaluate(body ?? null, inside));
  };
  const through = (at: number, inside: Scope): void => {
    const clause = clauses[at];
    if (!clause) {
      make(inside);
      return;
    }
    if (clause.type === "if_clause") {
      if (truth(py.evaluate(clause.namedChildren[0] ?? null, inside)) !== false)
        through(at + 1, inside);
      return;
    }
    const left = clause.childForFieldName("left");
    const each = items(py.evaluate(clause.childForFieldName("right"), inside));
    const round = (item: Value): void => {
      py.step();
      if (left) py.assign(left, item, inside);
      through(at + 1, inside);
    };
    if (each) each.forEach(round);
    else
      py.unsure(() => {
        round(UNKNOWN);
      });
  };
  through(0, new Scope(scope));
  return node.type === "dictionary_comprehension"
    ? { kind: "dict", entries: new Map(pairs) }
    : list(values);
}
