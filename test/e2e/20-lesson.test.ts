import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { inspect, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { closeEditors, explorerRow, palette } from "./support/workbench.ts";

const patient = { timeout: 90_000 };

describe("what a person is told and asked", () => {
  let page: Page;
  let frame: Frame;
  let model = "";

  before(async () => {
    const own = await session();
    ({ page } = own);
    await closeEditors(page);
    // without a sidecar: nobody says how its pictures were scaled
    model = path.join(own.workspace, "unsaid.h5");
    cpSync(path.join(own.workspace, "efficientnet-lite0.h5"), model);
    await explorerRow(page, "unsaid.h5").waitFor();
    frame = await inspect(page, "unsaid.h5");
  });
  after(async () => {
    await closeEditors(page);
    rmSync(model);
    rmSync(`${model}.convlens.json`, { force: true });
    await explorerRow(page, "unsaid.h5").waitFor({ state: "detached" });
  });

  it("eight questions: a guess by the keyboard, then a lens shows what is true", async () => {
    await palette(page, "ConvLens: What Did My Network Learn?");
    const lesson = frame.getByRole("region", { name: "What did my network learn?" });
    const tab = (): Promise<string> => frame.getByRole("tab", { selected: true }).innerText();
    const opened: string[] = [];
    for (let step = 1; step <= 8; step++) {
      await lesson.getByText(`${step} of 8`).waitFor(patient);
      if (step === 3) {
        await lesson.getByText("This takes a picture.").waitFor();
        await lookAt(page, "chelsea.png");
      }
      const guess = lesson.getByRole("group", { name: "Your guess" });
      await guess.getByRole("button").first().focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const next = lesson.getByRole("button", { name: "Next" });
      await next.waitFor(patient);
      await until("what is true", async () => !/asked …/.test(await lesson.innerText()), 90_000);
      opened.push(await tab());
      if (step === 1) await lesson.getByText(/^\s*4\.65 M parameters|4\.69 M parameters/).waitFor();
      if (step === 6) assert.deepEqual(await seriousFindings(frame), []);
      await shot(page, `20-lesson-${step}`);
      await next.press("Enter");
    }
    assert.deepEqual(opened, [
      ...["Model", "Filters", "How it works", "Activations", "Activations"],
      ...["Grad-CAM", "Attribution", "Attack"],
    ]);
    await lesson.getByText(/of 7 guesses were right/).waitFor();
    await lesson.getByRole("button", { name: "Done" }).press("Enter");
    await lesson.waitFor({ state: "detached" });
  });

  it("what a control does, in one sentence", async () => {
    await openLens(frame, "Grad-CAM");
    await frame.getByRole("button", { name: "What does Minus do?" }).click();
    await frame.getByText(/speaks for (the|a) class rather than/).waitFor();
    await shot(page, "20-help");
    await page.keyboard.press("Escape");
  });

  it("which input may fit, where the network is unsure: a click takes one", async () => {
    const footer = frame.locator("convlens-footer");
    await footer.getByRole("button", { name: /Unsure of this picture/ }).click(patient);
    const candidates = frame.locator("convlens-input-candidates").getByRole("button");
    await candidates.filter({ hasText: "class 285" }).first().waitFor(patient);
    await shot(page, "20-candidates");
    assert.deepEqual(await seriousFindings(frame), []);
    const first = candidates.first();
    assert.match(await first.innerText(), /79 % class 285/);
    await first.click();
    await footer.getByText(/pixel \/ 127\.5 − 1 · squash/).waitFor(patient);
    const saved = await until("the sidecar", () => {
      try {
        return JSON.parse(readFileSync(`${model}.convlens.json`, "utf8")) as {
          preprocess: { fit: string };
        };
      } catch {
        return null;
      }
    });
    assert.equal(saved.preprocess.fit, "squash");
  });
});
