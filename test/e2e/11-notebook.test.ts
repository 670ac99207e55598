import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { until } from "../support/until.ts";
import { inspector, lookAt } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { painted, webview } from "./support/webview.ts";
import {
  closeEditors,
  closeFolder,
  explorerRow,
  openFolder,
  palette,
  pickRow,
} from "./support/workbench.ts";

const patient = { timeout: 60_000 };
const cells = (page: Page): Locator => page.locator(".notebookOverlay");
const lens = (page: Page, text: RegExp): Locator =>
  cells(page)
    .locator(".codelens-decoration a, .codelens-decoration span")
    .filter({ hasText: text });

interface Output {
  readonly output_type: string;
  readonly data: Readonly<Record<string, string | readonly string[]>>;
  readonly metadata: { readonly convlens?: string };
}

/** What the file keeps below the third cell; nothing while it is being written. */
function outputsIn(file: string): readonly Output[] {
  try {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly cells: readonly { readonly outputs?: readonly Output[] }[];
    };
    return cells[2]?.outputs ?? [];
  } catch {
    return [];
  }
}

describe("a notebook beside what it learned", () => {
  after(async () => {
    const { page } = await session();
    await closeEditors(page);
    await closeFolder(page, "pictures");
    await closeFolder(page, "digits");
  });

  it("says above each line of a cell which layer it made", async () => {
    const { page } = await session();
    await closeEditors(page);
    await openFolder(page, "digits");
    await explorerRow(page, "digits.ipynb").dblclick();
    // earlier suites may have counted dead filters
    await lens(page, /^16 filters \|.* receptive field 3 px$/)
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

  it("puts the pictures of a layer below its cell, where the file keeps them", async () => {
    const { page, workspace } = await session();
    const insert = async (what: RegExp): Promise<void> => {
      await lens(page, /^Insert Picture$/)
        .first()
        .click();
      await pickRow(page, what);
    };
    await insert(/Filters/);
    const outputs = await webview(page, ".output_container img");
    // the cell is another one now, and its lines are linked again
    await lens(page, /^16 filters/)
      .first()
      .waitFor(patient);
    // the picture that the model's panel looks at
    await openFolder(page, "pictures");
    await lookAt(page, "digit_00_label6.png");
    await insert(/Grad-CAM/);
    await outputs.locator(".output_container img").nth(1).waitFor(patient);
    await palette(page, "File: Save");
    const file = path.join(workspace, "digits", "digits.ipynb");
    const kept = await until(
      "both pictures in the file",
      () => {
        const outputs = outputsIn(file);
        return outputs.length === 4 && outputs;
      },
      patient.timeout,
    );
    await shot(page, "11-pictures");
    const [filters, cam] = ["filters of conv1", "Grad-CAM at conv1 of digit_00_label6.png"];
    assert.deepEqual(
      kept.map(({ metadata }) => metadata.convlens),
      [filters, filters, cam, cam],
    );
    const textOf = (at: number, kind: string): string => [kept[at]?.data[kind]].flat().join("");
    assert.match(textOf(0, "text/plain"), /conv1: 16 filters; norms/);
    assert.match(textOf(1, "text/markdown"), /^Picture 1: .*conv1\\?: 16 filters; norms/);
    assert.match(textOf(2, "text/plain"), /hot region/);
    assert.match(textOf(3, "text/markdown"), /^Picture 2: .*hot region/);
    for (const [at, least] of [
      [0, 400],
      [2, 200],
    ] as const) {
      const png = Buffer.from(textOf(at, "image/png"), "base64");
      assert.equal(png.toString("latin1", 1, 4), "PNG");
      assert.ok(png.readUInt32BE(16) >= least, `picture ${at} is ${png.readUInt32BE(16)} wide`);
    }
  });
});
