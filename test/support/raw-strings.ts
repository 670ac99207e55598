/** Words that stand in the sources of panels and host as they are, outside `t`: nobody could translate them. */
import ts from "typescript";
import { placeOf } from "./strings.ts";

/** Attributes that people see or hear. */
const SPOKEN =
  /[\s.](aria-label|aria-description|aria-valuetext|title|placeholder|alt|label|heading|text|doing|what)="([^"]*)"/g;
/** Stands for `${...}` in the text of a template. */
const HOLE = "\uE000";
const LETTERS = /\p{L}{2}/u;
/** One capitalised word, or two words: nothing else that code has in strings looks so. */
const PHRASE = /^\p{Lu}\p{Ll}+[\p{L}\s…:;.,'\uE000-]*$|\p{L}{2} \p{L}{2}/u;

const isCall = (node: ts.Node, names: RegExp): boolean =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.test(node.expression.text);
const isTemplate = (node: ts.Node): node is ts.TaggedTemplateExpression =>
  ts.isTaggedTemplateExpression(node) && /^(html|svg)$/.test(node.tag.getText());

/** What a template says by itself: its text, and attributes that people see. */
function saidBy({ template }: ts.TaggedTemplateExpression): string[] {
  const text = ts.isNoSubstitutionTemplateLiteral(template)
    ? template.text
    : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join(HOLE);
  const attributes = [...text.matchAll(SPOKEN)].map((match) => match[2] ?? "");
  const between = text.replaceAll(/<\/?[a-z][^<>]*>/gi, "\n").split(/\n|&\w+;/);
  return [...attributes, ...between]
    .map((part) => part.replaceAll(HOLE, " ").replaceAll(/\s+/g, " ").trim())
    .filter((part) => LETTERS.test(part));
}

/** A literal's own words; null: it is no literal. */
function wordsOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(HOLE);
}

/** Strings whose place says that nobody reads them. */
function isCode(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent)) return true;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent) || ts.isElementAccessExpression(parent)) return true;
  if (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) return true;
  // `class=${...}` and `style=${...}`
  for (let at: ts.Node = node; at.parent as ts.Node | undefined; at = at.parent) {
    if (!ts.isTemplateSpan(at)) continue;
    const { parent: template } = at;
    const index = template.templateSpans.indexOf(at);
    const before = index === 0 ? template.head : template.templateSpans[index - 1]?.literal;
    return /\s(class|style|id|d|transform|points|part)="?[^"<>]*$/.test(before?.text ?? "");
  }
  return false;
}

/** `FILE:LINE words` of each. */
export function rawStrings(source: ts.SourceFile, allowed: readonly RegExp[]): string[] {
  const found: string[] = [];
  const note = (node: ts.Node, words: string): void => {
    if (allowed.some((pattern) => pattern.test(words))) return;
    const { file, line } = placeOf(node);
    found.push(`${file}:${line} ${words.replaceAll(HOLE, "…")}`);
  };
  const visit = (node: ts.Node): void => {
    if (isCall(node, /^(t|plural|phrase)$/)) {
      for (const value of (node as ts.CallExpression).arguments.slice(1))
        if (wordsOf(value) === null) ts.forEachChild(value, visit);
      return;
    }
    if (isTemplate(node)) for (const words of saidBy(node)) note(node, words);
    const words = wordsOf(node);
    if (words !== null && PHRASE.test(words) && !isCode(node)) note(node, words);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
