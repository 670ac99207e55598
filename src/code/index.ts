/** Training code: which layers a script defines on which line, and where it writes its models. */
import type { Node } from "web-tree-sitter";
import type { Script } from "../shared/contract/code.ts";
import { inputError } from "../base/errors.ts";
import { findingsOf } from "./findings.ts";
import { modelsOf } from "./models.ts";
import { instantiate, invoke, libraryOf } from "./python/functions.ts";
import { withTree } from "./python/grammar.ts";
import { Exhausted, lineOf } from "./python/interpreter.ts";
import { Run } from "./python/run.ts";

const LONGEST = 2_000_000;
const NO_ARGUMENTS = { positional: [], named: new Map<string, never>() };

/** Reads a Python script without running any of it. Throws a ConvLensError of kind `input` for one of more than 2 MB. */
export async function readScript(code: string): Promise<Script> {
  if (code.length > LONGEST)
    throw inputError("The script is larger than 2 MB; layers are looked for in smaller ones only.");
  return withTree(code, (root) => {
    const run = new Run();
    let complete = true;
    try {
      run.execute(root, run.globals);
      runUnused(run, root);
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      complete = false;
    }
    const { saves, sizes } = run;
    const brokenAt = firstError(root);
    return { models: modelsOf(run), findings: findingsOf(run), saves, sizes, brokenAt, complete };
  });
}

/**
 * Functions and classes of modules that the script defines for others are looked at with their default arguments; the last ones first,
 * since they are made of those before them.
 */
function runUnused(run: Run, root: Node): void {
  for (const child of [...root.namedChildren].reverse()) {
    const node = child.childForFieldName("definition") ?? child;
    if (run.used.has(node.id)) continue;
    const value = run.globals.own(node.childForFieldName("name")?.text ?? "");
    if (value?.kind === "function" && value.node.id === node.id)
      run.unsure(() => invoke(run, value, NO_ARGUMENTS, node));
    if (value?.kind === "class" && value.node.id === node.id && libraryOf(value))
      instantiate(run, value, NO_ARGUMENTS, node);
  }
}

function firstError(root: Node): number | null {
  if (!root.hasError) return null;
  const search = (node: Node): Node | null => {
    if (node.isError || node.isMissing) return node;
    for (const child of node.children) {
      const found = child.hasError || child.isMissing ? search(child) : null;
      if (found) return found;
    }
    return null;
  };
  const found = search(root);
  return found && lineOf(found);
}
