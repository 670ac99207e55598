/** The words of TorchScript's serialized language (torch/csrc/jit/serialization/python_print.cpp), with indentation as brackets. */
import { Unsupported } from "../lower/unsupported.ts";

export interface Token {
  readonly kind: "name" | "number" | "string" | "sign" | "newline" | "indent" | "dedent" | "end";
  readonly text: string;
}

/** More words than any network's file of code has. */
const MAX_TOKENS = 2_000_000;
const MAX_INDENTS = 100;

const WORD =
  /([A-Za-z_]\w*)|(0x[\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(->|==|!=|<=|>=|\/\/|\*\*|[-+*/%<>=:,.()[\]{}|@])|([ \t]+)|(#[^\n]*)/y;
const KINDS = ["name", "number", "string", "sign"] as const;

/** Throws `Unsupported` for what is no such text. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  const indents = [0];
  let depth = 0;
  let at = 0;
  const push = (kind: Token["kind"], text = ""): void => {
    if (tokens.length >= MAX_TOKENS) throw new Unsupported("its code is longer than any network's");
    tokens.push({ kind, text });
  };
  const indent = (width: number): void => {
    const own = indents.at(-1) ?? 0;
    if (width > own) {
      if (indents.length >= MAX_INDENTS) throw new Unsupported("its code nests without end");
      indents.push(width);
      push("indent");
      return;
    }
    while (width < (indents.at(-1) ?? 0)) {
      indents.pop();
      push("dedent");
    }
  };
  while (at < code.length) {
    if (code[at] === "\n" || code[at] === "\r") {
      at++;
      if (depth === 0 && tokens.at(-1)?.kind !== "newline" && tokens.length > 0) push("newline");
      continue;
    }
    if (depth === 0 && (at === 0 || code[at - 1] === "\n")) {
      const width = /^[ \t]*/.exec(code.slice(at, at + 1000))?.[0].length ?? 0;
      if (!/[\n\r#]/.test(code[at + width] ?? "\n")) indent(width);
      at += width;
      if (width > 0) continue;
    }
    WORD.lastIndex = at;
    const found = WORD.exec(code);
    if (!found) throw new Unsupported(`its code has '${code[at] ?? ""}', which is not read`);
    at = WORD.lastIndex;
    const [text, ...groups] = found as (string | undefined)[];
    const kind = KINDS[groups.findIndex((group) => group !== undefined)];
    if (!kind || text === undefined) continue;
    if (kind === "sign" && /[([{]/.test(text)) depth++;
    if (kind === "sign" && /[)\]}]/.test(text)) depth--;
    push(kind, kind === "string" ? unquoted(text) : text);
  }
  push("newline");
  indent(0);
  push("end");
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" }; // prettier-ignore
const unquoted = (text: string): string =>
  text.slice(1, -1).replaceAll(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|.)/g, (_, escaped: string) => {
    if (/^x../.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
    if (/^[0-7]/.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped, 8));
    return ESCAPES[escaped] ?? escaped;
  });
