import type { Node } from "web-tree-sitter";
import type { Arguments } from "./values.ts";
import type { Interpreter } from "./interpreter.ts";
import { addTo, tensorThrough } from "./layers.ts";
import { items } from "./sequences.ts";
import { format } from "./strings.ts";
import { list, NONE, shown, text, UNKNOWN, type Value } from "./values.ts";

/** Methods that give the object itself: `model.to(device).eval()`. */
const ITSELF = /^(to|cuda|cpu|eval|train|float|half|double|requires_grad_|apply)$/;

/** `of.name(...)` for what is no object of the script with a method of its own. */
export function method(py: Interpreter, of: Value, name: string, args: Arguments, at: Node): Value {
  const [first = UNKNOWN, second = UNKNOWN] = args.positional;
  switch (of.kind) {
    case "list":
      return ofList(py, of.items, name, first, second);
    case "dict":
      return ofDict(py, of.entries, name, args);
    case "text":
      return ofText(of.value, name, args);
    case "container":
    case "instance":
      if (/^(add_module|register_module)$/.test(name)) attach(py, of, shown(first), second);
      else if (of.kind === "container" && /^(add|append)$/.test(name)) {
        addTo(of, first);
        py.progress++;
      } else if (of.kind === "container" && name === "extend")
        for (const item of items(first) ?? []) addTo(of, item);
      else if (ITSELF.test(name)) return of;
      else if (name === "children" || name === "modules" || name === "parameters") return UNKNOWN;
      else if (name === "call" || name === "forward") return tensorThrough(of, args);
      return NONE;
    case "layer":
      return ITSELF.test(name) ? of : UNKNOWN;
    case "tensor":
      return of;
    case "method":
      return method(py, UNKNOWN, name, args, at);
    default:
      return tensorThrough(null, args);
  }
}

function attach(py: Interpreter, of: Value, name: string, value: Value): void {
  if (of.kind === "container") of.children.set(name, value);
  if (of.kind === "instance") of.attributes.set(name, value);
  py.progress++;
}

function ofList(py: Interpreter, own: Value[], name: string, first: Value, second: Value): Value {
  if (name === "append") own.push(first);
  else if (name === "extend") own.push(...(items(first) ?? [UNKNOWN]));
  else if (name === "insert") own.splice(first.kind === "number" ? first.value : 0, 0, second);
  else if (name === "copy") return list([...own]);
  else if (name === "pop")
    return own.splice(first.kind === "number" ? first.value : -1, 1)[0] ?? UNKNOWN;
  else return UNKNOWN;
  py.progress++;
  return NONE;
}

function ofDict(
  py: Interpreter,
  entries: Map<string, Value>,
  name: string,
  { positional: [first, second], named }: Arguments,
): Value {
  if (name === "items") return list([...entries].map(([key, value]) => list([text(key), value])));
  if (name === "values") return list([...entries.values()]);
  if (name === "keys") return list([...entries.keys()].map(text));
  if (name === "get" || name === "pop")
    return (first && entries.get(shown(first))) ?? second ?? (name === "get" ? NONE : UNKNOWN);
  if (name === "copy") return { kind: "dict", entries: new Map(entries) };
  if (name !== "update") return UNKNOWN;
  for (const [key, value] of first?.kind === "dict" ? first.entries : []) entries.set(key, value);
  for (const [key, value] of named) entries.set(key, value);
  py.progress++;
  return NONE;
}

function ofText(own: string, name: string, { positional, named }: Arguments): Value {
  const [first, second] = positional;
  if (name === "format") return format(own, positional, named);
  if (name === "lower") return text(own.toLowerCase());
  if (name === "upper") return text(own.toUpperCase());
  if (name === "strip") return text(own.trim());
  if (name === "join") return text((first ? (items(first) ?? []) : []).map(shown).join(own));
  if (name === "split") return list(own.split(first ? shown(first) : " ").map(text));
  if (name === "replace" && first && second)
    return text(own.replaceAll(shown(first), shown(second)));
  // pathlib: Path(...).with_suffix(...), .resolve(), ...
  return name === "resolve" || name === "absolute" || name === "as_posix" ? text(own) : UNKNOWN;
}
