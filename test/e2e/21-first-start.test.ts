/** Somebody who has never used it, with a network and a picture of their own. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { asInstalled } from "../../scripts/lib/settings.mjs";
import { ownWindow, shot } from "./support/session.ts";
import { colourCount, painted, webview } from "./support/webview.ts";
import { activity } from "./support/workbench.ts";

const MOST_CLICKS = 3;
const patient = { timeout: 90_000 };

describe("the first start", () => {
  let page: Page;
  let folder: string;
  let close: () => Promise<void>;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-first-"));
    const project = path.join(folder, "project");
    mkdirSync(project);
    cpSync(path.join(root, "samples/digits/digits.h5"), path.join(project, "best.h5"));
    cpSync(path.join(root, "samples/chelsea.png"), path.join(project, "mine.png"));
    ({ page, close } = await ownWindow(project, { changes: asInstalled }));
    await activity(page, "ConvLens").waitFor(patient);
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("is three clicks from the heat map of a picture of one's own", async () => {
    let clicks = 0;
    const click = async (what: Locator): Promise<void> => {
      await what.waitFor(patient);
      clicks++;
      await what.click();
    };
    const row = (text: string): Locator =>
      page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
    const begin = page.getByRole("button", { name: "Look at a Picture…" });
    await begin.waitFor(patient);
    await shot(page, "21-first-start");
    await click(begin);
    await click(row("best.h5"));
    await click(row("mine.png"));
    const frame = await webview(page, "convlens-cam", 90_000);
    await painted(frame, "convlens-cam");
    await shot(page, "21-first-heat-map");
    assert.ok((await colourCount(frame, "convlens-cam canvas")) > 20);
    assert.ok(clicks <= MOST_CLICKS, `${clicks} clicks`);
  });

  it("names its classes by a file that is dropped", async () => {
    const frame = await webview(page, "convlens-cam");
    const names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    await frame.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "names.txt"));
      window.dispatchEvent(new DragEvent("drop", { dataTransfer }));
    }, names.join("\n"));
    await frame.locator("convlens-classes").getByText("three").waitFor(patient);
    const kept = readFileSync(path.join(folder, "project/best.h5.convlens.json"), "utf8");
    assert.deepEqual(JSON.parse(kept), { labels: names });
    await shot(page, "21-named");
  });

  it("sees what one pixel changes inside, maps before and after", async () => {
    const frame = await webview(page, "convlens-cam");
    await frame.getByRole("tab", { name: "Attack", exact: true }).click();
    const attack = frame.locator("convlens-attack");
    await attack.getByRole("radio", { name: "Exact" }).click();
    await attack.getByRole("button", { name: "Attack", exact: true }).click();
    const maps = attack.locator("convlens-changed-map");
    await maps.nth(7).waitFor(patient);
    assert.ok((await colourCount(frame, "convlens-changed-map canvas")) > 5);
    await shot(page, "21-attack");
    await maps.first().click();
    await painted(frame, "convlens-activations");
  });
});
