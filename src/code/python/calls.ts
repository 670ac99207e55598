import type { Node } from "web-tree-sitter";
import { known, SAVE_METHODS, savesAt } from "../vocabulary.ts";
import { folderOf } from "./attributes.ts";
import { builtin } from "./builtins.ts";
import { instantiate, invoke, superOf } from "./functions.ts";
import type { Arguments } from "./values.ts";
import type { Interpreter } from "./interpreter.ts";
import { contained, tensorThrough } from "./layers.ts";
import { method } from "./methods.ts";
import { text, UNKNOWN, type Value } from "./values.ts";

/** What calling `callee` gives, and what it makes on the way. */
export function callValue(py: Interpreter, callee: Value, args: Arguments, at: Node): Value {
  switch (callee.kind) {
    case "function":
      return invoke(py, callee, args, at);
    case "class":
      return instantiate(py, callee, args, at);
    case "layer":
    case "container":
    case "instance":
      return tensorThrough(callee, args);
    case "partial":
      return py.call(
        callee.callee,
        {
          positional: [...callee.args.positional, ...args.positional],
          named: new Map([...callee.args.named, ...args.named]),
        },
        at,
      );
    case "method":
      if (SAVE_METHODS.has(callee.name))
        py.saved(args.positional[0] ?? args.named.get("filepath"), at);
      py.noticed(`.${callee.name}`, args, at);
      return method(py, callee.of, callee.name, args, at);
    case "name":
      return callName(py, callee.path, args, at);
    default:
      return tensorThrough(null, args);
  }
}

function callName(py: Interpreter, path: string, args: Arguments, at: Node): Value {
  py.noticed(path, args, at);
  const saving = savesAt(path);
  if (saving) py.saved(args.named.get(saving.name) ?? args.positional[saving.place], at);
  // a model that comes from elsewhere
  else if (SAVE_METHODS.has(path.split(".").at(-1) ?? "")) py.saved(args.positional[0], at);
  const what = known(path);
  switch (what?.kind) {
    case "input":
      return { kind: "tensor", through: new Set() };
    case "layer":
      return { kind: "layer", built: py.make(what, args, at) };
    case "container":
      return contained(py, py.make(what, args, at), args, at);
    case "model": {
      const outputs = args.named.get("outputs") ?? args.positional[1];
      const tensor = tensorThrough(null, {
        positional: outputs ? [outputs] : [],
        named: new Map(),
      });
      py.foundModel(tensor, what.library, at);
      return tensor;
    }
    default:
      break;
  }
  if (path === "super") return superOf(py);
  if (/(^|\.)partial$/.test(path) && args.positional[0])
    return {
      kind: "partial",
      callee: args.positional[0],
      args: { positional: args.positional.slice(1), named: args.named },
    };
  if (path === "os.path.dirname" && args.positional[0]?.kind === "text")
    return text(folderOf(args.positional[0].value));
  if (/(^|\.)Path$|^os\.path\.(join|abspath|expanduser)$/.test(path)) return joined(args);
  return builtin(py, path, args) ?? tensorThrough(null, args);
}

/** `os.path.join(...)` and `Path(...)`. */
function joined({ positional }: Arguments): Value {
  if (positional.length === 0) return UNKNOWN;
  return text(positional.map((part) => (part.kind === "text" ? part.value : "*")).join("/"));
}
