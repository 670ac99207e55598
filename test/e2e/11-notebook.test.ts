import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { inspector } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { painted } from "./support/webview.ts";
import { closeEditors, explorerRow, openFolder, palette } from "./support/workbench.ts";

const patient = { timeout: 60_000 };
const cells = (page: Page): Locator => page.locator(".notebookOverlay");
const lens = (page: Page, text: RegExp): Locator =>
  cells(page)
    .locator(".codelens-decoration a, .codelens-decoration span")
    .filter({ hasText: text });

interface Notebook {
  readonly cells: readonly {
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly data: Readonly<Record<string, string | readonly string[]>>;
      readonly metadata: { readonly convlens?: string };
    }[];
  }[];
}

describe("a notebook beside what it learned", () => {
  it("says above each line of a cell which layer it made", async () => {
    const { page } = await session();
    await closeEditors(page);
    await openFolder(page, "digits");
    await explorerRow(page, "digits.ipynb").dblclick();
    await lens(page, /^16 filters \| receptive field 3 px$/)
      .first()
      .waitFor(patient);
    await lens(page, /^32 filters \|/)
      .first()
      .waitFor(patient);
    await shot(page, "11-cells");
  });

  it("opens a lens from a line of a cell", async () => {
    const { page } = await session();
    await lens(page, /^Filters$/)
      .first()
      .click();
    const frame = await inspector(page);
    await painted(frame, "convlens-filters");
    assert.equal(await frame.locator("header .layer").innerText(), "conv1");
    await shot(page, "11-lens");
  });

  it("puts the picture of a layer below its cell, where the file keeps it", async () => {
    const { page, workspace } = await session();
    const insert = async (row: RegExp): Promise<void> => {
      await lens(page, /^Insert Picture$/)
        .first()
        .click();
      await page
        .locator(".quick-input-list .monaco-list-row .label-name")
        .filter({ hasText: row })
        .first()
        .click({ timeout: 30_000 });
      await cells(page)
        .locator(".cell-output-toolbar, .output-element")
        .first()
        .waitFor({ ...patient, state: "attached" });
    };
    await insert(/Filters/);
    await shot(page, "11-filters");
    await palette(page, "File: Save");
    const saved = async (): Promise<Notebook["cells"][number]["outputs"]> => {
      await page.waitForTimeout(1000);
      const file = path.join(workspace, "digits", "digits.ipynb");
      return (JSON.parse(readFileSync(file, "utf8")) as Notebook).cells[2]?.outputs;
    };
    const [output, more] = (await saved()) ?? [];
    assert.equal(more, undefined);
    assert.equal(output?.output_type, "display_data");
    assert.equal(output.metadata.convlens, "filters of conv1");
    assert.match(String(output.data["image/png"]), /^iVBORw0KGgo/);
    assert.match([output.data["text/plain"]].flat().join(""), /conv1: 16 filters; norms/);
  });
});
