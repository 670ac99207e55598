/** What the sources say to people: the keys of `t`, `plural` and `phrase`. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** How many arguments of each, from the first, are keys. */
const SPEAKERS: ReadonlyMap<string, readonly number[]> = new Map([
  ["t", [0]],
  ["phrase", [0]],
  ["plural", [1, 2]],
]);

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Key extends Place {
  /** null: not a literal, so nobody can know its translations. */
  readonly text: string | null;
  /** Said while the module loads. */
  readonly early: boolean;
}

export function sources(...folders: readonly string[]): ts.SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
      .map((name) => path.join(folder, name))
      .map((file) =>
        ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true),
      ),
  );
}

export const placeOf = (node: ts.Node): Place => {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return { file: source.fileName, line: line + 1 };
};

export function keysOf(source: ts.SourceFile): Key[] {
  if (source.fileName.endsWith("l10n.ts")) return []; // where they are made
  const keys: Key[] = [];
  const visit = (node: ts.Node, early: boolean): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      for (const at of SPEAKERS.get(node.expression.text) ?? [])
        keys.push(
          ...literals(node.arguments[at]).map((text) => ({ ...placeOf(node), text, early })),
        );
    const runsLater = ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);
    ts.forEachChild(node, (child) => {
      visit(child, early && !runsLater);
    });
  };
  visit(source, true);
  return keys;
}

/** A literal, or a choice between some. */
function literals(node: ts.Expression | undefined): (string | null)[] {
  if (!node) return [null];
  if (ts.isConditionalExpression(node))
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return [ts.isStringLiteralLike(node) ? node.text : null];
}

/** Every literal, with numbered holes where values stand. */
export function literalsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push(
        node.templateSpans.reduce(
          (text, { literal }, at) => `${text}{${String(at)}}${literal.text}`,
          node.head.text,
        ),
      );
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
