/** Mutations of a program's text by its lines and words: the result often still reads and means something else. */
import type { Random } from "../random.ts";
import type { Mutation } from "./bytes.ts";

const WORD = /[A-Za-z_]\w*|\d+(?:\.\d*)?|"(?:[^"\\\n]|\\.)*"|[[\](){}:,.=]|[ \t\n]+/g;
const WORDS = [
  ...[
    "0",
    "-1",
    "1e308",
    "4294967296",
    "9007199254740993",
    "None",
    "True",
    "[]",
    "()",
    "{}",
    "inf",
  ],
  ...["self", "x", "torch", "ops", "forward", "training", "__proto__", "constructor", "CONSTANTS"],
  ...["range(1000000000)", "torch.size(x)", "[x, x]", "(self).forward(x, )", 'getattr(self, "x")'],
  ...["[0] * 99999999", "torch.zeros([99999, 99999, 99999])", "while True:\n      pass\n    "],
];

export const codeMutation: Mutation = (bytes, random: Random) => {
  const text = Buffer.from(bytes).toString("utf8");
  const changed = random.below(2) === 0 ? linesChanged(text, random) : wordsChanged(text, random);
  return Buffer.from(changed);
};

function linesChanged(text: string, random: Random): string {
  const lines = text.split("\n");
  const [from, to] = [random.below(lines.length), random.below(lines.length)];
  const [line = ""] = random.below(2) === 0 ? lines.splice(from, 1) : [lines[from]];
  lines.splice(to, 0, random.below(4) === 0 ? `  ${line}` : line);
  return lines.join("\n");
}

function wordsChanged(text: string, random: Random): string {
  const words = text.match(WORD) ?? [];
  for (let n = 1 + random.below(3); n > 0; n--) {
    const other = random.below(2) === 0 ? random.pick(WORDS) : random.pick(words);
    words[random.below(words.length)] = other;
  }
  return words.join("");
}
