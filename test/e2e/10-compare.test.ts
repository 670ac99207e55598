import assert from "node:assert/strict";
import { seriousFindings } from "./support/axe.ts";
import { lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { setTheme, themes } from "./support/themes.ts";
import {
  closeEditors,
  contextMenu,
  explorerRow,
  openFolder,
  palette,
} from "./support/workbench.ts";
import { painted, webview } from "./support/webview.ts";
import type { Frame } from "playwright-core";

const patient = { timeout: 60_000 };
const lens = "convlens-compare";

/** Chooses what is put side by side; waits until it is drawn. */
async function look(frame: Frame, view: string, element: string): Promise<void> {
  await frame
    .getByRole("radiogroup", { name: "What is compared" })
    .getByRole("radio", { name: view, exact: true })
    .click();
  await painted(frame, element);
}

describe("two checkpoints, side by side", () => {
  let frame: Frame;
  before(async () => {
    const { page } = await session();
    await closeEditors(page);
    await palette(page, "ConvLens: Follow Training…");
    await page
      .locator(".quick-input-list .monaco-list-row .label-name")
      .filter({ hasText: /epoch_#\.h5/ })
      .first()
      .click({ timeout: 30_000 });
    frame = await webview(page, "convlens-timeline");
    await openFolder(page, "digits");
    await openFolder(page, "pictures");
    await lookAt(page, "digit_00_label6.png");
    await openLens(frame, "Filters");
  });

  it("from the timeline: this checkpoint with the one before", async () => {
    const { page } = await session();
    await frame.locator("convlens-timeline").getByRole("button", { name: "Compare" }).click();
    await painted(frame, "convlens-compare-layers");
    const table = frame.locator(`${lens} table`);
    await table.getByText("conv2", { exact: true }).waitFor(patient);
    await frame.getByText(/most moved: /).waitFor(patient);
    await shot(page, "10-layers");
  });

  it("any checkpoint may be B: filters, maps, heat maps and classes on one scale", async () => {
    const { page } = await session();
    const b = frame.getByRole("combobox", { name: "Model of B" });
    await b.selectOption({ label: "step 1 · epoch_01.h5" });
    await look(frame, "Filters", "convlens-compare-tiles");
    await shot(page, "10-filters");
    await look(frame, "Maps", "convlens-compare-tiles");
    await shot(page, "10-maps");
    await look(frame, "Grad-CAM", "convlens-compare-cam");
    await shot(page, "10-cam");
    await look(frame, "Classes", "convlens-compare-classes");
    await frame.getByText(/They disagree|Both have the same class/).waitFor(patient);
    await shot(page, "10-classes");
  });

  for (const theme of themes)
    it(`axe-core finds nothing serious: ${theme.name}`, async () => {
      const { page } = await session();
      await setTheme(page, frame, theme);
      const views = {
        Layers: "layers",
        Filters: "tiles",
        Maps: "tiles",
        "Grad-CAM": "cam",
        Classes: "classes",
      };
      for (const [view, element] of Object.entries(views)) {
        await look(frame, view, `convlens-compare-${element}`);
        assert.deepEqual(await seriousFindings(frame), [], view);
        await shot(page, `10-${view}-${theme.kind}`.toLowerCase());
      }
    });
});

describe("two models of the explorer", () => {
  it("are compared from its menu when both are selected", async () => {
    const { page } = await session();
    await closeEditors(page);
    await explorerRow(page, "digits.h5").click();
    await explorerRow(page, "efficientnet-lite0.h5").click({ modifiers: ["ControlOrMeta"] });
    await contextMenu(
      page,
      explorerRow(page, "efficientnet-lite0.h5"),
      "Compare Selected with ConvLens",
    );
    const frame = await webview(page, "convlens-compare");
    await painted(frame, "convlens-compare-layers");
    await frame
      .getByText(/only in/)
      .first()
      .waitFor(patient);
    await shot(page, "10-two-models");
  });
});
