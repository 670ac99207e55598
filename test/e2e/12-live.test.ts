import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { webview } from "./support/webview.ts";
import {
  closeEditors,
  closeFolder,
  contextMenu,
  explorerRow,
  openFolder,
  palette,
} from "./support/workbench.ts";

const patient = { timeout: 90_000 };

async function inTerminal(page: Page, command: string): Promise<void> {
  await palette(page, "Terminal: Create New Terminal");
  await page
    .locator(".terminal-wrapper.active .xterm-helper-textarea")
    .waitFor({ ...patient, state: "attached" });
  await page.locator(".terminal-wrapper.active .xterm-screen").click(patient);
  await page.keyboard.type(`${command}\n`);
}

/** Steps of the table beside the curves, with whether they are known. */
const rows = (frame: Frame): Promise<string[]> =>
  frame.locator("convlens-training details table tr").evaluateAll((found) =>
    found.slice(1).map((row) => {
      const [step, ...rest] = [...row.querySelectorAll("td")].map((cell) =>
        cell.textContent.trim(),
      );
      return `${step ?? ""}${rest.some((text) => text === "…") ? " ?" : ""}`;
    }),
  );

describe("a training that runs in a terminal", () => {
  // what other files look for in the explorer shall be in sight again
  after(async () => {
    const { page, workspace } = await session();
    await palette(page, "Terminal: Kill All Terminals");
    await closeEditors(page);
    for (const folder of ["pictures", "digits", "run"]) await closeFolder(page, folder);
    rmSync(path.join(workspace, "run"), { recursive: true, force: true });
  });

  it("is followed checkpoint by checkpoint: none is lost, and none is shown half", async function () {
    // as long as it takes beside other work: what is asserted is what was seen
    this.timeout(360_000);
    const { page, workspace } = await session();
    const from = path.join(root, "samples", "digits", "checkpoints");
    const to = path.join(workspace, "run");
    mkdirSync(to);
    // a series begins with two
    for (const name of ["epoch_00.h5", "epoch_01.h5"])
      copyFileSync(path.join(from, name), path.join(to, name));
    await closeEditors(page);
    await openFolder(page, "run");
    await contextMenu(page, explorerRow(page, "epoch_01.h5"), "Follow Training");
    const frame = await webview(page, "convlens-timeline");
    await openFolder(page, "digits");
    await openFolder(page, "pictures");
    await lookAt(page, "digit_00_label6.png");
    await openLens(frame, "Training");

    const script = path.join(root, "test", "support", "train.mjs");
    await inTerminal(page, `"${process.execPath}" "${script}" "${from}" "${to}"`);
    const step = frame.locator("convlens-timeline output");
    await step.filter({ hasText: /^step ([6-9]|1\d) / }).waitFor(patient);
    await shot(page, "12-live");
    await step.filter({ hasText: /^step 12 / }).waitFor(patient);
    // the one that was cut short is tried for some seconds
    const broken = frame.locator("convlens-training p").filter({ hasText: "epoch_07.h5" });
    await broken.waitFor(patient);
    await frame.getByText("As numbers").click();
    const all = ["0", "1", "2", "3", "4", "6", "7 ?", "8", "9", "10", "11", "12"];
    await until(
      `the steps ${all.join()}`,
      async () => (await rows(frame)).join() === all.join(),
      patient.timeout,
    );
    assert.match(await broken.innerText(), /^[^\n]*epoch_07\.h5[^\n]* truncated [^\n]*\.$/);
    await shot(page, "12-live-end");
    assert.deepEqual(await seriousFindings(frame), []);
  });

  it("a checkpoint that goes away while it is looked at leaves the newest, and says so", async () => {
    const { page, workspace } = await session();
    const frame = await webview(page, "convlens-timeline");
    const slider = frame.getByRole("slider", { name: "Checkpoint" });
    await slider.fill("4");
    const step = frame.locator("convlens-timeline output");
    await step.filter({ hasText: /^step 4 / }).waitFor(patient);
    await page.waitForTimeout(1000);
    rmSync(path.join(workspace, "run", "epoch_04.h5"));
    await frame.getByText("epoch_04.h5 is gone").waitFor(patient);
    await step.filter({ hasText: /^step 12 / }).waitFor(patient);
  });
});
