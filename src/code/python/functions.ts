import type { Node } from "web-tree-sitter";
import type { Library } from "../../shared/contract/code.ts";
import { known } from "../vocabulary.ts";
import { memberOf } from "./attributes.ts";
import type { Arguments } from "./values.ts";
import { lineOf, type Interpreter } from "./interpreter.ts";
import { Scope } from "./values.ts";
import { list, NONE, UNKNOWN, type ClassValue, type FunctionValue, type Value } from "./values.ts";

/** Runs a function of the script. */
export function invoke(py: Interpreter, callee: FunctionValue, args: Arguments, at: Node): Value {
  const { node, self, owner } = callee;
  const body = node.childForFieldName("body");
  if (!body) return UNKNOWN;
  py.used.add(node.id);
  const scope = new Scope(callee.scope);
  const given = self ? { ...args, positional: [self, ...args.positional] } : args;
  bind(py, node.childForFieldName("parameters"), given, scope, callee.scope);
  if (node.type === "lambda") return py.evaluate(body, scope);
  const run = (): Value => {
    const outcome = py.execute(body, scope);
    return outcome !== null && typeof outcome === "object" ? outcome.returned : NONE;
  };
  const result = py.within(lineOf(at), () => {
    if (!self || !owner) return run();
    py.frames.push({ self, owner });
    try {
      return run();
    } finally {
      py.frames.pop();
    }
  });
  return result ?? UNKNOWN;
}

function bind(
  py: Interpreter,
  parameters: Node | null,
  { positional, named }: Arguments,
  scope: Scope,
  outer: Scope,
): void {
  let next = 0;
  let byNameOnly = false;
  const left = new Map(named);
  for (const parameter of parameters?.namedChildren ?? []) {
    const name =
      (parameter.childForFieldName("name") ?? parameter.namedChildren[0])?.text ?? parameter.text;
    const inside = parameter.namedChildren[0]?.type;
    if (parameter.type === "list_splat_pattern" || inside === "list_splat_pattern") {
      scope.set(name.replace(/^\*/, ""), list(positional.slice(next)));
      next = positional.length;
      byNameOnly = true;
    } else if (
      parameter.type === "dictionary_splat_pattern" ||
      inside === "dictionary_splat_pattern"
    )
      scope.set(name.replace(/^\*\*/, ""), { kind: "dict", entries: left });
    else if (parameter.type === "keyword_separator") byNameOnly = true;
    else if (
      /^(identifier|typed_parameter|default_parameter|typed_default_parameter)$/.test(
        parameter.type,
      )
    ) {
      const key = parameter.type === "identifier" ? parameter.text : name;
      const value = left.get(key) ?? (byNameOnly ? undefined : positional[next++]);
      left.delete(key);
      scope.set(key, value ?? py.evaluate(parameter.childForFieldName("value"), outer));
    }
  }
}

/** Makes an object of a class of the script. */
export function instantiate(py: Interpreter, of: ClassValue, args: Arguments, at: Node): Value {
  markUsed(py, of);
  const made: Value = { kind: "instance", of, line: lineOf(of.node), attributes: new Map() };
  const library = libraryOf(of);
  if (library) py.foundModel(made, library, of.node);
  const init = memberOf(of, "__init__");
  if (init?.value.kind === "function")
    invoke(py, { ...init.value, self: made, owner: init.owner }, args, at);
  return made;
}

/** A class that another one derives from is used with it. */
function markUsed(py: Interpreter, of: ClassValue): void {
  py.used.add(of.node.id);
  for (const base of of.bases) if (base.kind === "class") markUsed(py, base);
}

/** The library whose modules or models the class derives from; null for any other class. */
export function libraryOf(of: ClassValue): Library | null {
  for (const base of of.bases) {
    if (base.kind === "class") {
      const found = libraryOf(base);
      if (found) return found;
    }
    if (base.kind !== "name") continue;
    if (/(^|\.)LightningModule$/.test(base.path)) return "torch";
    const what = known(base.path);
    if (what?.kind === "model" || what?.kind === "container") return what.library;
    if (/keras.*\.Layer$/.test(base.path)) return "keras";
  }
  return null;
}

/** `super()` in the method that is running. */
export function superOf(py: Interpreter): Value {
  const frame = py.frames.at(-1);
  return frame ? { kind: "super", ...frame } : UNKNOWN;
}
