import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { METHODS } from "../../../src/shared/catalogue.ts";
import { decimal, HEARD, heard, plural, speak, t } from "../../../src/shared/l10n.ts";
import { keysOf, literalsOf, sources } from "../../support/strings.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const LANGUAGES = ["de", "zh-cn"];
type Texts = Readonly<Record<string, string>>;
const read = (file: string): Texts =>
  JSON.parse(readFileSync(path.join(root, file), "utf8")) as Texts;
const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();
const holes = (text: string): string[] => sorted(text.match(/\{\d\}/g) ?? []);
/** `command:...` and code in a text: the same in each language. */
const links = (text: string): string[] => sorted(text.match(/\(command:[^)]*\)|`[^`]*`/g) ?? []);

const keys = sources("src", "webview").flatMap(keysOf);
/** What the compute process says as it stands in the sources. */
const spoken = new Set(
  sources("src", "webview")
    .flatMap(literalsOf)
    .map((text) => `${HEARD}${text}`),
);
/** Titles and sentences of methods are read as they stand in the catalogue. */
const ofMethods = METHODS.flatMap(({ title, sentence, options }) => {
  const { steps, pixels, population, top } = options;
  const numbers = [steps, pixels, population, top].flatMap((number) => number ?? []);
  return [title, sentence, ...numbers.map(({ label }) => label)];
});
const said = sorted([...keys.flatMap(({ text }) => text ?? []), ...ofMethods]);

/** Properties of package.json that people read; languages of what assistants read are none of ours. */
const READ =
  /^(title|shortTitle|description|markdownDescription|displayName|userDescription|name|contents|altText|\d+)$/;
const UNREAD = /^(inputSchema|category|tags|enum|when|keywords)$/;

/** Texts that are read and stand in package.json themselves. */
function plainTexts(value: unknown, key = ""): string[] {
  if (UNREAD.test(key)) return [];
  if (typeof value === "string")
    return READ.test(key) && /\p{L}{2} \p{L}{2}|^\p{Lu}\p{Ll}+$/u.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => plainTexts(one, name));
}

describe("strings in the sources", () => {
  it("are literals, so that their translations can be found", () => {
    assert.ok(said.length > 5);
    assert.deepEqual(
      keys.filter(({ text }) => text === null),
      [],
    );
  });

  it("of package.json are in package.nls.json", () => {
    const { contributes, capabilities } = JSON.parse(
      readFileSync(path.join(root, "package.json"), "utf8"),
    ) as Record<string, unknown>;
    assert.deepEqual(plainTexts({ contributes, capabilities }), []);
  });

  it("are not said by modules of src that load before their language is known", () => {
    const early = keys.filter(({ early, file }) => early && file.startsWith("src"));
    assert.deepEqual(early, []);
  });
});

for (const language of LANGUAGES) {
  describe(`translations: ${language}`, () => {
    const bundle = read(`l10n/bundle.l10n.${language}.json`);
    const manifest = read(`package.nls.${language}.json`);
    const english = read("package.nls.json");

    it("are there for each string, and no others", () => {
      assert.deepEqual(
        { missing: said.filter((key) => !bundle[key]), orphans: orphans(bundle, said) },
        { missing: [], orphans: [] },
      );
    });

    it("are there for what the compute process says often, each under ~ and its English", () => {
      const like = Object.keys(bundle).filter((key) => key.startsWith(HEARD));
      assert.ok(like.length > 40, `only ${String(like.length)}`);
    });

    it("are there for each text of package.json, and no others", () => {
      const text = readFileSync(path.join(root, "package.json"), "utf8");
      const used = sorted([...text.matchAll(/"%([^%"]+)%"/g)].flatMap((match) => match[1] ?? []));
      assert.deepEqual(sorted(Object.keys(english)), used);
      assert.deepEqual(sorted(Object.keys(manifest)), used);
    });

    it("have the same places for values, links and code", () => {
      for (const [key, text] of Object.entries(bundle))
        assert.deepEqual([holes(text), links(text)], [holes(key), links(key)], key);
      for (const [key, text] of Object.entries(manifest))
        assert.deepEqual(links(text), links(english[key] ?? ""), key);
    });
  });
}

const orphans = (bundle: Texts, known: readonly string[]): string[] =>
  Object.keys(bundle).filter((key) => !known.includes(key) && !spoken.has(key));

describe("what is said", () => {
  const german = {
    "{0} filter": "{0} Filter",
    "{0} filters": "{0} Filter",
    "~mean {0}": "Mittel {0}",
  };
  after(() => {
    speak(null, "en");
  });

  it("is English with values where nobody translates", () => {
    speak(null, "en");
    assert.equal(t("{1} of {0}, {2}", 3, "conv"), "conv of 3, {2}");
    assert.equal(plural(1, "{0} filter", "{0} filters"), "1 filter");
    assert.equal(heard("mean 0.5"), "mean 0.5");
    assert.equal(decimal("0.5"), "0.5");
  });

  it("is the person's language, with its decimals, and English where a sentence is not known", () => {
    speak({ ...german, "~{0} is {1}.": "{0} ist {1}." }, "de");
    assert.equal(plural(2, "{0} filter", "{0} filters"), "2 Filter");
    assert.equal(heard("mean 0.5"), "Mittel 0,5");
    assert.equal(heard("a/b.h5 is mean -0.25."), "a/b.h5 ist Mittel -0,25.");
    assert.equal(heard("nothing like it"), "nothing like it");
    assert.equal(t("{0} maps", 2), "2 maps");
  });
});
