/** Mutations of JSON by its tokens: the result often still parses and means something else. */
import type { Random } from "../random.ts";
import type { Mutation } from "./bytes.ts";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}:,]/g;
const VALUES = [
  ...[
    "0",
    "-1",
    "1",
    "2",
    "3",
    "0.5",
    "1e308",
    "-1e308",
    "1e999",
    "NaN",
    "4294967296",
    "2147483647",
  ],
  ...[
    "100000",
    "9007199254740993",
    "null",
    "true",
    "false",
    '""',
    '"__proto__"',
    '"constructor"',
    "[]",
    "{}",
  ],
  ...[
    "[[]]",
    "[null]",
    "[1,2,3,4,5,6,7]",
    "[1e9,1e9]",
    '{"__proto__":{"x":1}}',
    '"../../../etc/passwd"',
    '"\\u0000"',
  ],
];
const isValue = (token: string): boolean => !/^[[\]{}:,]$/.test(token);

interface Span {
  readonly start: number;
  readonly end: number;
}
/** Where the value that begins at token `at` ends. */
function span(tokens: readonly string[], at: number): Span {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (/[[{]/.test(tokens[i]?.[0] ?? "")) depth++;
    if (/[\]}]/.test(tokens[i]?.[0] ?? "")) depth--;
    if (depth <= 0) return { start: at, end: i + 1 };
  }
  return { start: at, end: tokens.length };
}

function change(tokens: string[], random: Random): string[] {
  const values = tokens.flatMap((token, i) => (isValue(token) || /[[{]/.test(token) ? [i] : []));
  if (values.length === 0) return tokens;
  const one = span(tokens, random.pick(values));
  const other = span(tokens, random.pick(values));
  // not spread into a call: there can be more tokens than a call has room for
  const put = (...middle: readonly (string | readonly string[])[]): string[] =>
    tokens.slice(0, one.start).concat(...middle, tokens.slice(one.end));
  const own = tokens.slice(one.start, one.end);
  switch (random.below(7)) {
    case 0:
    case 1:
      return put(random.pick(VALUES));
    case 2: // another value of the document
      return put(tokens.slice(other.start, other.end));
    case 3: // twice, in a list or an object
      return put(own, ",", own);
    case 4: // gone, with the comma or without
      return put();
    case 5: {
      const depth = random.pick([1, 3, 120, 600, 20_000]);
      return put("[".repeat(depth), own, "]".repeat(depth));
    }
    default: {
      const at = random.below(tokens.length);
      return [...tokens.slice(0, at), random.pick(tokens), ...tokens.slice(at + 1)];
    }
  }
}

/** Changes one to three places of a JSON text. */
export function mutateJson(text: string, random: Random): string {
  let tokens: string[] = text.match(TOKEN) ?? [];
  for (let i = random.pick([1, 1, 2, 3]); i > 0; i--) tokens = change(tokens, random);
  return tokens.join("");
}

export const jsonMutation: Mutation = (bytes, random) =>
  Buffer.from(mutateJson(bytes.toString("utf8"), random));
