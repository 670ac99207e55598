import type { Node } from "web-tree-sitter";
import type { Interpreter } from "./interpreter.ts";
import type { Scope } from "./values.ts";
import { element, items } from "./sequences.ts";
import { number, text, UNKNOWN, type ClassValue, type Value } from "./values.ts";

/** `value.name`. */
export function attribute(value: Value, name: string): Value {
  switch (value.kind) {
    case "name":
      return { kind: "name", path: `${value.path}.${name}` };
    case "instance": {
      const own = value.attributes.get(name);
      if (own) return own;
      const member = memberOf(value.of, name);
      if (member?.value.kind !== "function")
        return member?.value ?? { kind: "method", of: value, name };
      return { ...member.value, self: value, owner: member.owner };
    }
    case "class":
      return memberOf(value, name)?.value ?? UNKNOWN;
    case "super":
      for (const base of value.owner.bases) {
        const member = base.kind === "class" ? memberOf(base, name) : null;
        if (member?.value.kind === "function")
          return { ...member.value, self: value.self, owner: member.owner };
      }
      return { kind: "method", of: value.self, name };
    case "text":
      // pathlib: Path(__file__).parent
      return name === "parent" ? text(folderOf(value.value)) : { kind: "method", of: value, name };
    case "layer": {
      const { filters, named } = value.built;
      if (/^(filters|units|out_channels|out_features|num_features)$/.test(name) && filters !== null)
        return number(filters);
      if (name === "name" && named !== null) return text(named);
      return { kind: "method", of: value, name };
    }
    default:
      return { kind: "method", of: value, name };
  }
}

/** `a/b/c` -> `a/b`; `.` where there is no folder. */
export const folderOf = (path: string): string =>
  path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";

/** A member of a class or of the script's classes it derives from. */
export function memberOf(of: ClassValue, name: string): { value: Value; owner: ClassValue } | null {
  const own = of.members.own(name);
  if (own) return { value: own, owner: of };
  for (const base of of.bases) {
    const found = base.kind === "class" ? memberOf(base, name) : null;
    if (found) return found;
  }
  return null;
}

/** `target = value`, where the target may take a sequence apart. */
export function assign(py: Interpreter, target: Node, value: Value, scope: Scope): void {
  switch (target.type) {
    case "identifier":
      scope.set(target.text, value);
      return;
    case "attribute": {
      const of = py.evaluate(target.childForFieldName("object"), scope);
      if (of.kind === "instance")
        of.attributes.set(target.childForFieldName("attribute")?.text ?? "", value);
      return;
    }
    case "subscript": {
      const of = py.evaluate(target.childForFieldName("value"), scope);
      const key = py.evaluate(target.childForFieldName("subscript"), scope);
      if (of.kind === "dict" && "value" in key) of.entries.set(String(key.value), value);
      if (of.kind === "container" && "value" in key) of.children.set(String(key.value), value);
      if (of.kind === "list" && key.kind === "number" && element(of, key))
        of.items[key.value < 0 ? of.items.length + key.value : key.value] = value;
      return;
    }
    case "list_splat_pattern":
      return;
    default: {
      const parts = target.namedChildren;
      const each = items(value);
      const rest = parts.findIndex(({ type }) => type === "list_splat_pattern");
      parts.forEach((part, i) => {
        const at = rest >= 0 && i > rest ? i - parts.length : i;
        assign(py, part, each?.at(at) ?? (value.kind === "tensor" ? value : UNKNOWN), scope);
      });
    }
  }
}
