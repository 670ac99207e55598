import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { keysOf, sources } from "../../support/strings.ts";

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
const said = sorted(keys.flatMap(({ text }) => text ?? []));

describe("strings in the sources", () => {
  it("are literals, so that their translations can be found", () => {
    assert.ok(said.length > 5);
    assert.deepEqual(
      keys.filter(({ text }) => text === null),
      [],
    );
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
  Object.keys(bundle).filter((key) => !known.includes(key));
