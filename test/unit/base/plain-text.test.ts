import assert from "node:assert/strict";
import { Lexer, type Token } from "marked";
import { ConvLensError } from "../../../src/base/errors.ts";
import {
  commandLink,
  harmless,
  labelText,
  markdownText,
  noticeText,
  plainText,
} from "../../../src/base/plain-text.ts";

const OBEYED = [
  "\u001b[2J",
  "\u202eltr",
  "a\nb",
  "\r",
  "\u2028",
  "\u0000",
  "\u200b",
  "\u009b1m",
  "\u{e0041}",
];
const HOSTILE = [
  ...OBEYED,
  "](command:workbench.action.terminal.new)",
  "![x](https://evil.example/a.png)",
  "[x](command:convlens.filters?%5B%5D)",
  "<img src=https://evil.example/a.png onerror=alert(1)>",
  "&lt;b&gt; &#60;b&#62;",
  "https://evil.example www.evil.example a@evil.example",
  "**bold** _em_ `code` ~~gone~~ # head",
  "# head",
  "- list",
  "1. list",
  "> quote",
  "a|b\n-|-\n1|2",
  "$(zap) $(sync~spin)",
  "[x]: https://evil.example",
  "\\",
  "    code",
];

describe("text out of files", () => {
  it("holds nothing that a terminal obeys, and is one line", () => {
    for (const name of HOSTILE) {
      const plain = plainText(name);
      assert.doesNotMatch(plain, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, JSON.stringify(name));
      assert.equal(plainText(plain), plain, "a second time changes nothing");
    }
    assert.equal(plainText("a\u202eb\u{e0041}"), "a\\u202eb\\udb40\\udc41");
    assert.equal(plainText("größe 大小 ✓ 👍"), "größe 大小 ✓ 👍");
    // what nobody sees can hold a text of its own
    assert.equal(
      plainText("cat\u{e0148}\u{e0149}\ufe03"),
      "cat\\udb40\\udd48\\udb40\\udd49\\ufe03",
    );
    assert.equal(plainText("\u3164\u034f"), "\\u3164\\u034f");
    assert.equal(plainText("❤️"), "❤️");
  });

  it("is short, and keeps its beginning and its end", () => {
    const long = plainText(`${"a".repeat(100_000)}end`);
    assert.equal(long.length, 200);
    assert.match(long, /^a+…a+end$/);
    assert.equal(plainText("\u0000".repeat(1000)).length, 200);
  });

  it("inside JSON stands for the same characters", () => {
    const value = { name: OBEYED.join(" ") };
    const text = harmless(JSON.stringify(value, null, 2));
    assert.doesNotMatch(text, /[\p{Cf}\u0080-\u009f\u2028]/u);
    assert.deepEqual(JSON.parse(text), value);
    assert.equal(harmless("a\n\tb"), "a\n\tb");
  });

  it("an error is one line of bounded length, whoever made it", () => {
    const { message } = new ConvLensError("compute", `failed at '${"x".repeat(1e6)}\n\u001b[2J'`);
    assert.ok(message.length <= 4000);
    assert.doesNotMatch(message, /\p{Cc}/u);
  });
});

describe("text out of files in Markdown", () => {
  /** What the workbench's own Markdown makes of it: kinds of parts, and the text a person reads. */
  const flat = (tokens: readonly Token[]): Token[] =>
    tokens.flatMap((token) => [token, ...("tokens" in token ? flat(token.tokens ?? []) : [])]);
  const read = (name: string): { types: string[]; text: string } => {
    const found = flat(
      new Lexer({ gfm: true }).lex(`**${markdownText(name)}** (${markdownText(name)})`),
    );
    return {
      types: [...new Set(found.map(({ type }) => type))].sort(),
      text: found
        .flatMap((token) => (token.type === "escape" || token.type === "text" ? [token] : []))
        .map((token) => ("text" in token ? String(token.text) : ""))
        .join(""),
    };
  };

  it("is the very text: no link, picture, HTML, list, heading or address comes of it", () => {
    for (const name of HOSTILE) {
      const { types, text } = read(name);
      const allowed = new Set(["paragraph", "strong", "text", "escape"]);
      assert.deepEqual(
        types.filter((type) => !allowed.has(type)),
        [],
        JSON.stringify(name),
      );
      const shown = text.replaceAll(/&#(\d+);/g, (_, code: string) =>
        String.fromCharCode(Number(code)),
      );
      assert.equal(shown.split(plainText(name).trim()).length, 3, shown);
    }
  });

  it("has no icon of the workbench in it, as a label either", () => {
    assert.equal(labelText("$(zap) a\nb"), "\\$(zap) a\\u000ab");
    assert.doesNotMatch(markdownText("$(zap)"), /\$\(/);
  });

  it("a command link of ours ends where we end it, whatever a name holds", () => {
    for (const name of HOSTILE) {
      const link = commandLink("convlens.filters", [{ layer: name }]);
      assert.match(link, /^command:convlens\.filters\?[\w%.~-]*$/);
      const [, args = ""] = link.split("?");
      assert.deepEqual(JSON.parse(decodeURIComponent(args)), [{ layer: name }]);
    }
  });

  it("a notification makes no link of it", () => {
    assert.equal(
      noticeText("no layer '[x](command:workbench.action.quit)'"),
      "no layer '[x] (command:workbench.action.quit)'",
    );
  });
});
