/** Strings of Python, with `*` for the parts that only a run knows. */
import type { Node } from "web-tree-sitter";
import type { Interpreter } from "./interpreter.ts";
import type { Scope } from "./values.ts";
import { shown, text, type Value } from "./values.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\\\\": "\\", "\\'": "'", '\\"': '"' };

/** A string literal or an f-string: escapes of quotes resolved, `*` where only a run would tell. */
export function stringValue(py: Interpreter, node: Node, scope: Scope): Value {
  const parts = node.namedChildren.map((part) => {
    if (part.type === "string_content")
      return part.text.replace(/\\[\\'"]/g, (escape) => ESCAPES[escape] ?? escape);
    if (part.type !== "interpolation") return "";
    const value = py.evaluate(part.childForFieldName("expression"), scope);
    const format = part.namedChildren.find(({ type }) => type === "format_specifier")?.text;
    return formatted(value, format?.slice(1) ?? "");
  });
  return text(parts.join(""));
}

/** As `format(value, how)`, for the formats that names of files and layers are made with. */
function formatted(value: Value, how: string): string {
  if (how === "" || how === "s" || how === "d") return shown(value);
  const digits = /^0?(\d+)d?$/.exec(how);
  if (digits && value.kind === "number")
    return String(value.value).padStart(Number(digits[1]), how.startsWith("0") ? "0" : " ");
  return "*";
}

/** `"{}_{name}".format(...)`. */
export function format(
  pattern: string,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value {
  let next = 0;
  return text(
    pattern.replace(/\{(\w*)(?::([^}]*))?\}/g, (_all, key: string, how: string | undefined) => {
      const place = key === "" ? next++ : Number(key);
      const value = Number.isNaN(place) ? named.get(key) : positional[place];
      return value ? formatted(value, how ?? "") : "*";
    }),
  );
}

/** `"%s_%02d" % values`. */
export function percent(pattern: string, given: Value): Value {
  const values = given.kind === "list" ? given.items : [given];
  let next = 0;
  return text(
    pattern.replace(/%(0?\d*)([sdif])/g, (_all, width: string, type: string) => {
      const value = values[next++];
      return value ? formatted(value, type === "s" ? "" : `${width}d`) : "*";
    }),
  );
}
