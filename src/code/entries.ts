/** What of a script makes networks: its classes, factories and variables, with their arguments and how they are called. Nothing is run. */
import type { Node } from "web-tree-sitter";
import type { EntryCall, ScriptEntries, ScriptEntry } from "../shared/contract/export.ts";
import { invoke, libraryOf } from "./python/functions.ts";
import { withTree } from "./python/grammar.ts";
import { Exhausted, lineOf } from "./python/interpreter.ts";
import { Run } from "./python/run.ts";
import type { Value } from "./python/values.ts";

const LONGEST = 2_000_000;
const MOST_CALLS = 300;
const NO_ARGUMENTS = { positional: [], named: new Map<string, never>() };
/** Factories of what other packages define are told by their names. */
const MAKES = /(^|_)(model|net|network|backbone|classifier|encoder)s?(_|\d|$)/i;
/** Packages that give whole networks. */
const PACKAGES = /\b(models|timm|smp|segmentation_models_pytorch|torchvision|hub)\.\w/;

/** Nothing for a script of more than 2 MB. */
export async function readEntries(code: string): Promise<ScriptEntries> {
  if (code.length > LONGEST) return { entries: [], calls: [] };
  return withTree(code, (root) => {
    const run = new Run();
    try {
      run.execute(root, run.globals);
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
    }
    return { entries: entriesOf(run, root), calls: callsIn(run, root) };
  });
}

function entriesOf(run: Run, root: Node): ScriptEntry[] {
  const found = new Map<string, ScriptEntry>();
  for (const child of root.namedChildren) {
    const node = child.childForFieldName("definition") ?? child;
    const name = node.childForFieldName("name")?.text ?? "";
    const value = run.globals.own(name);
    const entry =
      node.type === "class_definition"
        ? ofClass(name, value, node)
        : node.type === "function_definition"
          ? ofFunction(run, name, value, node)
          : ofVariable(run, child);
    if (entry) found.set(entry.name, entry);
  }
  return [...found.values()];
}

function ofClass(name: string, value: Value | null, node: Node): ScriptEntry | null {
  const library = value?.kind === "class" ? libraryOf(value) : null;
  if (value?.kind !== "class" || library === null) return null;
  const { parameters, others } = parametersOf(initOf(value));
  return {
    ...{ name, kind: "class", library, line: lineOf(node), others },
    parameters: parameters.slice(1),
  };
}

/** Its own, or that of a class of the script that it derives from. */
function initOf(value: Extract<Value, { kind: "class" }>): Node | null {
  const own = value.members.own("__init__");
  if (own?.kind === "function") return own.node;
  for (const base of value.bases) {
    const found = base.kind === "class" ? initOf(base) : null;
    if (found) return found;
  }
  return null;
}

function ofFunction(run: Run, name: string, value: Value | null, node: Node): ScriptEntry | null {
  if (value?.kind !== "function") return null;
  const library = libraryIn(called(run, value, node)) ?? (MAKES.test(name) ? "torch" : null);
  if (library === null || !node.descendantsOfType("return_statement").length) return null;
  return { name, kind: "function", library, line: lineOf(node), ...parametersOf(node) };
}

function called(run: Run, value: Extract<Value, { kind: "function" }>, node: Node): Value | null {
  try {
    return run.unsure(() => invoke(run, value, NO_ARGUMENTS, node));
  } catch (error) {
    if (error instanceof Exhausted) return null;
    throw error;
  }
}

function ofVariable(run: Run, statement: Node): ScriptEntry | null {
  const node = statement.namedChildren[0];
  const [left, right] = [node?.childForFieldName("left"), node?.childForFieldName("right")];
  if (node?.type !== "assignment" || left?.type !== "identifier" || !right) return null;
  const value = run.globals.own(left.text);
  const whole = right.type === "call" && PACKAGES.test(right.text);
  const library = libraryIn(value) ?? (whole ? "torch" : null);
  if (library === null) return null;
  return {
    name: left.text,
    kind: "variable",
    library,
    line: lineOf(node),
    parameters: [],
    others: false,
  };
}

function libraryIn(value: Value | null): ScriptEntry["library"] | null {
  if (value?.kind === "instance") return libraryOf(value.of);
  return value?.kind === "container" ? value.built.library : null;
}

/** Names with their default values, as they are written. */
function parametersOf(definition: Node | null): Pick<ScriptEntry, "parameters" | "others"> {
  const all = definition?.childForFieldName("parameters")?.namedChildren ?? [];
  const isRest = ({ type, namedChildren: [first] }: Node): boolean =>
    /_splat_pattern$/.test(type) ||
    (type === "typed_parameter" && first !== undefined && isRest(first));
  const others = all.some(
    (node) => isRest(node) && node.descendantsOfType("dictionary_splat_pattern").length > 0,
  );
  const parameters = all.flatMap((node) => {
    if (isRest(node)) return [];
    const standard = node.childForFieldName("value")?.text ?? null;
    if (node.type === "identifier") return [{ name: node.text, standard }];
    const name = node.childForFieldName("name") ?? node.namedChildren[0];
    return name?.type === "identifier" ? [{ name: name.text, standard }] : [];
  });
  return { parameters, others };
}

/** Calls by a plain name, or through one module; `null` stands for arguments that only a run knows. */
function callsIn(run: Run, root: Node): EntryCall[] {
  return root
    .descendantsOfType("call")
    .slice(0, MOST_CALLS)
    .flatMap((node): EntryCall[] => {
      const name = node.childForFieldName("function")?.text.split(".").at(-1) ?? "";
      const given = node.childForFieldName("arguments")?.namedChildren ?? [];
      const named = given.filter(({ type }) => type === "keyword_argument");
      const rest = given.filter(({ type }) => type !== "keyword_argument" && type !== "comment");
      if (!/^[A-Za-z_]\w*$/.test(name)) return [];
      return [
        {
          name,
          positional: rest.map((argument) => written(run, argument)),
          named: named.flatMap((argument) => {
            const value = written(run, argument.childForFieldName("value"));
            return [[argument.childForFieldName("name")?.text ?? "", value] as const];
          }),
        },
      ];
    });
}

const LITERAL = /^(integer|float|string|true|false|none|unary_operator)$/;

function written(run: Run, node: Node | null): string | null {
  if (!node) return null;
  if (LITERAL.test(node.type)) return node.text;
  if (
    /^(tuple|list)$/.test(node.type) &&
    node.namedChildren.every(({ type }) => LITERAL.test(type))
  )
    return node.text;
  const value = node.type === "identifier" ? run.globals.own(node.text) : null;
  if (value?.kind === "number") return String(value.value);
  if (value?.kind === "bool") return value.value ? "True" : "False";
  return value?.kind === "text" && !value.value.includes("*") ? JSON.stringify(value.value) : null;
}
