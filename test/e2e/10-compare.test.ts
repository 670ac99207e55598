import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { decodeNpy } from "../../src/shared/npy.ts";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { setTheme, themes } from "./support/themes.ts";
import {
  closeEditors,
  closeFolder,
  contextMenu,
  explorerRow,
  openFolder,
  palette,
  pickRow,
  tab,
} from "./support/workbench.ts";
import { painted, webview } from "./support/webview.ts";
import type { Frame, Page } from "playwright-core";

const patient = { timeout: 60_000 };
const lens = "convlens-compare";

/** Whether all of a file is there, by its ending: the workbench writes in place. */
const WHOLE: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  ".gif": (bytes) => bytes.at(-1) === 0x3b,
  ".html": (bytes) => bytes.toString().trimEnd().endsWith("</html>"),
  ".npy": (bytes) => decodeNpy(bytes, "").data.length > 0,
  ".png": (bytes) => bytes.subarray(-8, -4).toString() === "IEND",
};

/** A file, once it is written and whole. */
const written = (file: string): Promise<Buffer> =>
  until(
    file,
    async () => {
      try {
        const bytes = await readFile(file);
        return WHOLE[path.extname(file)]?.(bytes) === true && bytes;
      } catch {
        return false; // not there, or cut short
      }
    },
    60_000,
  );

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
    await palette(page, "ConvLens: Follow Training with ConvLens…");
    await pickRow(page, /epoch_#\.h5/);
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

describe("what can be kept", () => {
  let frame: Frame;
  let folder: string;

  /** Chooses in the menu of a lens, and takes the name that the dialog offers; returns what was written. */
  async function save(element: string, entry: RegExp, file: string): Promise<Buffer> {
    const { page } = await session();
    await frame.locator(`${element} convlens-keep button[aria-haspopup]`).first().click();
    await frame.getByRole("menuitem", { name: entry }).first().click();
    await accept(page, file);
    return written(path.join(folder, file));
  }
  /** The dialog of a browser's workbench is a line to type into. */
  async function accept(page: Page, file: string): Promise<void> {
    const line = page.locator(".quick-input-widget input[type=text]").first();
    await line.waitFor(patient);
    await page.waitForFunction(
      (name) =>
        document
          .querySelector<HTMLInputElement>(".quick-input-widget input[type=text]")
          ?.value.endsWith(name),
      file,
    );
    await line.press("Enter");
  }

  before(async () => {
    const { page, workspace } = await session();
    folder = path.join(workspace, "digits", "checkpoints");
    frame = await webview(page, "convlens-timeline");
    await setTheme(page, frame, themes[0] ?? { name: "", kind: "" });
  });

  it("numbers as NumPy, a training as an animation, from one menu", async () => {
    const { page } = await session();
    await openLens(frame, "Filters");
    const name = `${await frame.locator("header h1").innerText()}.conv1.filters`;
    await frame.locator("convlens-filters convlens-keep button[aria-haspopup]").first().click();
    await frame.getByRole("menuitem", { name: /Copy picture/ }).waitFor(patient);
    await shot(page, "10-menu");
    assert.deepEqual(await seriousFindings(frame), []);
    await page.keyboard.press("Escape");
    const bytes = await save("convlens-filters", /\.npy/, `${name}.npy`);
    assert.deepEqual(decodeNpy(bytes, name).shape, [3, 3, 3, 16]);
    const png = await save("convlens-filters", /PNG/, `${name}.png`);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const gif = await save(
      "convlens-filters",
      /animation/,
      `${name.replace(/\.conv1\.filters$/, "")}.conv1.filters.gif`,
    );
    assert.equal(gif.subarray(0, 6).toString(), "GIF89a");
  });

  it("code that reproduces what is shown, in an editor of its own", async () => {
    const { page } = await session();
    await frame.getByRole("button", { name: "Show code that reproduces this" }).click();
    await page
      .locator(".view-line")
      .filter({ hasText: "# convlens filters" })
      .first()
      .waitFor(patient);
    await page.locator(".view-line").filter({ hasText: "get_weights" }).first().waitFor(patient);
    await shot(page, "10-code");
    await palette(page, "View: Revert and Close Editor");
  });

  it("a report of the model and its pictures", async () => {
    const { page } = await session();
    frame = await webview(page, "convlens-timeline");
    await frame.getByRole("button", { name: /Save a report/ }).click();
    const name = `${await frame.locator("header h1").innerText()}.report.html`;
    await accept(page, name);
    const html = (await written(path.join(folder, name))).toString();
    assert.match(html, /How this was made/);
    const shown = await webview(page, "p.soft");
    await shown.getByText("How this was made").first().waitFor(patient);
    await shot(page, "10-report");
  });
});

describe("two models of the explorer", () => {
  it("are compared from its menu when both are selected", async () => {
    const { page } = await session();
    await closeEditors(page);
    await closeFolder(page, "pictures"); // both are to be on the screen
    const other = explorerRow(page, "efficientnet-lite0.h5");
    // once it is open the explorer selects it, and it alone; a list that still moves takes a click for its neighbour: from the start again
    await until(
      "the menu of both",
      async () => {
        await explorerRow(page, "digits.h5").click();
        await tab(page, "digits.h5").waitFor(patient);
        await other.click({ modifiers: ["ControlOrMeta"] });
        return contextMenu(page, other, "Compare Selected with ConvLens", 1).then(
          () => true,
          () => false,
        );
      },
      patient.timeout,
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
