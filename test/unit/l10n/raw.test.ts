import assert from "node:assert/strict";
import ts from "typescript";
import { rawStrings } from "../../support/raw-strings.ts";
import { sources } from "../../support/strings.ts";

/** Names, units, keys and code: the same in each language. */
const NAMES = [
  /^(ConvLens(: \uE000)?|TensorFlow|WebAssembly|Grad-CAM|HiRes-CAM|LayerCAM|EigenCAM|ScoreCAM|Ablation-CAM)$/,
  /^(SmoothGrad|Integrated Gradients|Guided Grad-CAM|MaCo|SSIM|PNG|JSON|× cos ° \( \) =)$/,
  /^(worker-src blob:|…?<(svg xmlns|polygon|polyline|section class)[^]*|\uE000 \uE000px sans-serif)$/,
  /^(Arrow|ConvLens Doctor|\.tops canvas|\uE000px sans-serif|#version 300 es[^]*|<!DOCTYPE html>[^]*)$/,
];
/** Files whose sentences go into the log, a report or a notebook, or to who writes this code: these are English. */
const ENGLISH = [
  "src/host/compute/child.ts",
  "src/host/compute/start.ts",
  "src/host/compute/supervisor.ts",
  "src/host/engine/words.ts",
];
/** Elsewhere, the few sentences of that kind. */
const SENTENCES = [
  /^You chose it in the panel\.$/, // may be kept beside the model
  /^A panel's page was not loaded whole: it begins anew\.$/,
  /^(\uE000 changed on disk\.|ConvLens has no command '\uE000'\.|It was restarted\.|The native engine was installed\.)$/,
  /^(the first \uE000 of \uE000 filters|filters of \uE000|Grad-CAM at \uE000 of \uE000)$/,
  /^Of the pictures that were dropped or pasted the oldest were removed \(\uE000\)\.$/,
  /^an atlas has at least one layer$/,
  /^The (script|sidecar)$/, // in a sentence that is caught and shown to nobody
];

describe("strings outside translations", () => {
  it("are names and sentences for the log only", () => {
    const said = sources("webview", "src/host")
      .filter(({ fileName }) => !ENGLISH.includes(fileName))
      .flatMap((source) => rawStrings(source, [...NAMES, ...SENTENCES]));
    assert.deepEqual(said, []);
  });

  it("are found in templates, attributes and literals", () => {
    const code = `
      html\`<p class="two words" title="A title">Some text \${num(1)}</p>\`;
      html\`<p class=\${on ? "row faint" : ""} aria-label=\${t("Said", "3 mm")}>\${t("Said")}</p>\`;
      send(this, "convlens-notice", \`Saved \${path}\`);
      dropdown("Sort by", [["index", "by index"]]);
    `;
    const source = ts.createSourceFile("a.ts", code, ts.ScriptTarget.Latest, true);
    assert.deepEqual(rawStrings(source, []), [
      "a.ts:2 A title",
      "a.ts:2 Some text",
      "a.ts:4 Saved …",
      "a.ts:5 Sort by",
      "a.ts:5 by index",
    ]);
  });
});
