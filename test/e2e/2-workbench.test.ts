import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { inspector, lenses } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { activity, closeTab, palette, reload, tab, treeRow } from "./support/workbench.ts";
import { painted, webview } from "./support/webview.ts";

/** Whether the state that the workbench has written holds `pattern`, and no walkthrough any more: that would come back in front. */
const keeps = async (page: Page, pattern: RegExp): Promise<boolean> => {
  // no function in it has a name: the page lacks what tsx gives those
  const values = await page.evaluate(async () => {
    const found: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      if (!name.startsWith("vscode-web-state-db")) continue;
      const opening = indexedDB.open(name);
      await new Promise((resolve) => {
        opening.addEventListener("success", resolve);
        opening.addEventListener("error", resolve);
      });
      for (const table of opening.result.objectStoreNames) {
        const reading = opening.result.transaction(table).objectStore(table).getAll();
        await new Promise((resolve) => {
          reading.addEventListener("success", resolve);
          reading.addEventListener("error", resolve);
        });
        found.push(reading.result);
      }
      opening.result.close();
    }
    return found.flat().filter((value) => typeof value === "string");
  });
  return values.some(
    (value) =>
      value.includes("convlens.inspector") && pattern.test(value) && !/gettingStarted/i.test(value),
  );
};

describe("ConvLens in the workbench", () => {
  it("lists models and their layers in its own view", async () => {
    const { page } = await session();
    await activity(page, "ConvLens").click();
    await treeRow(page, "efficientnet-lite0.h5").click();
    await treeRow(page, "stem_conv").waitFor();
    await shot(page, "5-tree");
    await activity(page, "Explorer").click();
  });

  it("says in the status bar which engine runs", async () => {
    const { page } = await session();
    const item = page.locator(".statusbar-item").filter({ hasText: "TensorFlow" }).first();
    assert.match(await item.innerText(), /TensorFlow/);
  });

  it("shows the engine report", async () => {
    const { page } = await session();
    await palette(page, "ConvLens: Doctor");
    await tab(page, /doctor/i).waitFor();
    const report = await webview(page, "section.ready");
    await report.getByRole("heading", { name: "WebAssembly" }).waitFor();
    await report.getByRole("button", { name: "Select engine…" }).waitFor();
    assert.deepEqual(await seriousFindings(report), []);
    await shot(page, "5-doctor");
    await closeTab(page, /doctor/i);
  });

  it("draws its walkthrough in the theme's colours", async () => {
    const { page } = await session();
    await palette(page, "ConvLens: Open Walkthrough");
    const frame = await webview(page, "svg text");
    await shot(page, "5-walkthrough");
    const fills = await frame.evaluate(() => {
      const colour = document.createElement("i");
      colour.style.color = "var(--vscode-foreground)";
      document.body.append(colour);
      const text = document.querySelector("svg text");
      const card = document.querySelector("svg rect[stroke]");
      if (!text || !card) throw new Error("the drawing has no text or no card");
      return {
        theme: getComputedStyle(colour).color,
        text: getComputedStyle(text).fill,
        card: getComputedStyle(card).fill,
      };
    });
    assert.equal(fills.text, fills.theme);
    assert.notEqual(fills.card, "rgb(0, 0, 0)");
    await closeTab(page, /Walkthrough|Welcome|ConvLens:/);
  });

  it("brings the inspector back after a reload, at the same lens", async () => {
    const { page } = await session();
    // In a browser the workbench writes its state every five seconds when idle, and cannot while it shuts down.
    await until(
      "the inspector in the workbench's state",
      () => keeps(page, /"lens\W+cam\W/),
      60_000,
    );
    const before = Date.now();
    await reload(page);
    const frame = await inspector(page);
    await painted(frame, lenses["Grad-CAM"], before);
    const first = frame.locator("convlens-classes .bar").first();
    assert.match(await first.innerText(), /Egyptian cat/i);
  });
});
