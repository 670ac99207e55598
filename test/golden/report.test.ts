import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { html } from "../../src/report/html.ts";
import { convlens, DIGIT, DIGITS, json, refused, WASM } from "./cli-support.ts";

const folder = (): string => mkdtempSync(path.join(tmpdir(), "convlens-report-"));

describe("convlens report", () => {
  it("one file that needs nothing else: classes, heat maps, feature maps, filters, layers and how it was made", async () => {
    const out = folder();
    const found = await json("report", DIGITS, "--image", DIGIT, "--out", out, ...WASM);
    assert.equal(found["report"], path.join(out, "report.html"));
    const page = readFileSync(path.join(out, "report.html"), "utf8");
    const predicted = await json("predict", DIGITS, "--image", DIGIT, ...WASM);
    assert.ok(page.includes(`>${predicted.classes[0]?.logit.toFixed(3)}<`));
    assert.ok(/Grad-CAM at conv3/.test(page));
    assert.ok(/the feature maps of conv1 that vary most/.test(page));
    assert.ok(/16 filters of conv1/.test(page));
    const hash = createHash("sha256").update(readFileSync(DIGITS)).digest("hex");
    assert.ok(page.includes(hash));
    assert.ok(/wasm/.test(page));
    for (const layer of ["pool2", "dense1", "predictions"]) assert.ok(page.includes(layer));
  });

  it("loads nothing and runs nothing", async () => {
    const out = folder();
    await json("report", DIGITS, "--image", DIGIT, "--out", out, ...WASM);
    const page = readFileSync(path.join(out, "report.html"), "utf8");
    assert.ok(/Content-Security-Policy"\s+content="default-src 'none'/.test(page));
    assert.ok(!/<script|<link|\son\w+=|https?:/i.test(page));
    const sources = [...page.matchAll(/src="([^"]{0,22})/g)].map(([, source]) => source);
    assert.ok(sources.length >= 6);
    for (const source of sources) assert.equal(source, "data:image/png;base64,");
  });

  it("names from files are text, whatever they hold", () => {
    const hostile = `<img src=x onerror="alert('1')">&`;
    assert.equal(
      html`<td title="${hostile}">${[hostile]}</td>`.text,
      `<td title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</td>`,
    );
  });

  it("a file of weights alone: layers and filters", async () => {
    const out = folder();
    const answer = await convlens("report", "test/models/small_k3.weights.h5", "--out", out);
    assert.equal(answer.code, 0, answer.err);
    const page = readFileSync(path.join(out, "report.html"), "utf8");
    assert.ok(/16 filters of/.test(page));
    assert.ok(/nothing was run/.test(page));
  });

  it("says what it needs", async () => {
    await refused(2, /--out DIR/, "report", DIGITS, "--image", DIGIT);
    const out = folder();
    await refused(
      3,
      /no such file or folder/,
      "report",
      DIGITS,
      "--images",
      path.join(out, "none"),
      "--out",
      out,
    );
    await refused(3, /There is no picture/, "report", DIGITS, "--images", out, "--out", out);
    await refused(2, /use --image/, "report", DIGITS, "--input", "a.npy", "--out", out);
  });
});
