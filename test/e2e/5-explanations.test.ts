import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { seriousFindings } from "./support/axe.ts";
import { choose, inspect, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { colourCount } from "./support/webview.ts";
import {
  closeEditors,
  contextMenu,
  explorerRow,
  openFolder,
  palette,
  pickRow,
} from "./support/workbench.ts";
import { inspector } from "./support/inspector.ts";

const CAMS = {
  "Grad-CAM": "grad-cam",
  "HiRes-CAM": "hires-cam",
  "Grad-CAM++": "grad-cam++",
  "XGrad-CAM": "xgrad-cam",
  LayerCAM: "layer-cam",
  EigenCAM: "eigen-cam",
  ScoreCAM: "score-cam",
  "Ablation-CAM": "ablation-cam",
} as const;
const ATTRIBUTIONS = [
  ...[
    "Saliency",
    "Gradient",
    "Gradient × input",
    "SmoothGrad",
    "Integrated Gradients",
    "LRP-ε, z⁺",
  ],
  ...["Occlusion", "RISE", "Guided backprop", "Guided Grad-CAM"],
];
const patient = { timeout: 100_000 };

const heading = (frame: Frame, text: RegExp) =>
  frame.locator("convlens-cam .why strong").filter({ hasText: text }).first().waitFor(patient);

describe("heat maps and attributions, and how far they can be trusted", () => {
  let frame: Frame;
  before(async () => {
    const { page } = await session();
    await closeEditors(page);
    frame = await inspect(page, "efficientnet-lite0.h5");
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Grad-CAM");
  });

  it("every heat map has its badge, with a sentence that says what it means", async () => {
    const { page } = await session();
    const card = frame.locator("convlens-cam-card").first();
    // the face fills the middle of the picture: how much better than a blob there its map is depends on the processor
    const verdict = /Trust: (no )?better than .*\(deletion 0\.\d+, insertion 0\.\d+\)/;
    await card.getByText(verdict).waitFor(patient);
    await card.locator("summary").click();
    const compared =
      /The difference is 0\.\d+, of a random order of the pixels .*, from the middle outwards 0\.\d+: the map/;
    await card.getByText(compared).waitFor(patient);
    await shot(page, "8-cam-trust");
  });

  it("the randomisation check fills a curve, and ends in a verdict", async () => {
    const { page } = await session();
    const card = frame.locator("convlens-cam-card").first();
    await card.getByRole("button", { name: "Run the check" }).click();
    await card.getByText(/^(Passed|Doubtful)$/).waitFor(patient);
    await card.getByText(/With weights shuffled the map/).waitFor(patient);
    assert.deepEqual(await seriousFindings(frame), []);
    await card.locator("convlens-trust section").last().scrollIntoViewIfNeeded();
    await shot(page, "8-cam-check");
    await card.locator("summary").click();
  });

  it("one class minus another, and several layers as one", async () => {
    const { page } = await session();
    await choose(frame, "Minus", "tiger cat");
    await heading(frame, /Grad-CAM at top_activation, minus tiger cat/);
    await choose(frame, "Merge with", "block5a_project_bn");
    await heading(frame, /top_activation \+ block5a_project_bn, minus tiger cat/);
    await shot(page, "8-cam-merged");
    await frame.getByRole("button", { name: "block5a_project_bn" }).click();
    await choose(frame, "Minus", "none");
    await heading(frame, /^Grad-CAM at top_activation$/);
  });

  it("any method is chosen in the palette by what it does", async () => {
    const { page } = await session();
    await palette(page, "ConvLens: Explain by Any Method…");
    await page.locator(".quick-input-title").filter({ hasText: "Explain" }).waitFor(patient);
    await page.keyboard.type("principal component");
    await shot(page, "8-explain");
    // it is of no class, so none is asked for
    await pickRow(page, /^EigenCAM$/);
    await heading(frame, /^EigenCAM at top_activation$/);
    await choose(frame, "Method", "Grad-CAM");
    await heading(frame, /^Grad-CAM at top_activation$/);
  });

  it("ScoreCAM shows what it has so far; Cancel ends it and keeps that", async () => {
    const { page } = await session();
    await choose(frame, "Method", "ScoreCAM");
    await heading(frame, /^ScoreCAM/);
    await frame.getByRole("progressbar").first().waitFor(patient);
    await shot(page, "8-cam-scorecam");
    await frame.getByRole("button", { name: "Cancel" }).first().click();
    await frame.getByText("Cancelled.").first().waitFor(patient);
    await heading(frame, /^ScoreCAM/);
    assert.ok((await colourCount(frame, "convlens-cam-card canvas")) > 20);
    await choose(frame, "Method", "Grad-CAM");
    await heading(frame, /^Grad-CAM/);
  });

  it("Integrated Gradients: gap, deletion and insertion, another baseline", async () => {
    const { page } = await session();
    await openLens(frame, "Attribution");
    await choose(frame, "Method", "Integrated Gradients");
    const trust = frame.locator("convlens-attribute convlens-trust");
    await trust.getByText("Completeness gap").waitFor(patient);
    await trust.getByText(/from the black baseline/).waitFor(patient);
    await choose(frame, "Baseline", "blurred");
    await trust.getByText(/from the blurred baseline/).waitFor(patient);
    await trust.getByText("20 steps, blurred baseline").waitFor(patient);
    await shot(page, "8-attribution");
    assert.deepEqual(await seriousFindings(frame), []);
  });

  it("guided backpropagation carries its warning, and the check agrees", async () => {
    const { page } = await session();
    await choose(frame, "Method", "Guided backprop");
    await frame.getByText(/fails the randomisation sanity checks/).waitFor(patient);
    const trust = frame.locator("convlens-attribute convlens-trust");
    await trust.getByRole("button", { name: "Run the check" }).click();
    await trust.getByText("Failed", { exact: true }).waitFor(patient);
    await trust.getByText(/it shows the picture, not what the network learned/).waitFor();
    await trust.scrollIntoViewIfNeeded();
    await shot(page, "8-attribution-check");
  });

  describe("on the digits", () => {
    before(async () => {
      const { page } = await session();
      await closeEditors(page);
      await openFolder(page, "digits");
      await contextMenu(page, explorerRow(page, "digits.h5"), "Inspect Model");
      frame = await inspector(page);
      await lookAt(page, "chelsea.png");
      await openLens(frame, "Grad-CAM");
    });

    it("every method of the CAM family", async () => {
      const { page } = await session();
      for (const [title, method] of Object.entries(CAMS)) {
        await choose(frame, "Method", title);
        await frame.locator(`convlens-cam section[aria-label="${method}"]`).waitFor(patient);
        await frame
          .getByText(/Trust: .*deletion/)
          .first()
          .waitFor(patient);
      }
      await shot(page, "8-digits-cam");
    });

    it("every attribution method", async () => {
      const { page } = await session();
      await openLens(frame, "Attribution");
      for (const title of ATTRIBUTIONS) {
        await choose(frame, "Method", title);
        const says = frame.locator("convlens-attribute .says strong");
        await says.filter({ hasText: `${title} for ` }).waitFor(patient);
        await frame.getByText("Deletion and insertion").waitFor(patient);
      }
      await shot(page, "8-digits-attribution");
    });
  });
});
