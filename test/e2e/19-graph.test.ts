import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { inspect, lenses, lookAt, openLens } from "./support/inspector.ts";
import { figure } from "./support/figures.ts";
import { session, shot } from "./support/session.ts";
import { setTheme, themes } from "./support/themes.ts";
import { closeEditors, explorerRow } from "./support/workbench.ts";
import { colourCount, painted } from "./support/webview.ts";

describe("the graph of a network", () => {
  let page: Page;
  let frame: Frame;
  let model = "";

  const tree = (): ReturnType<Frame["locator"]> => frame.getByRole("tree");
  const active = (): Promise<string> => frame.getByRole("treeitem").innerText();
  const shown = async (): Promise<number> =>
    Number(/(\d+) nodes shown/.exec((await tree().getAttribute("aria-label")) ?? "")?.[1]);
  const tab = (name: string): ReturnType<Frame["locator"]> =>
    frame.getByRole("tab", { name, exact: true });
  const isOpen = async (name: string): Promise<boolean> =>
    (await tab(name).getAttribute("aria-selected")) === "true";

  before(async () => {
    const own = await session();
    ({ page } = own);
    await closeEditors(page);
    await page.setViewportSize({ width: 1600, height: 1000 });
    // one that was never looked at: the others come back at their last lens
    model = path.join(own.workspace, "unseen.h5");
    cpSync(path.join(own.workspace, "efficientnet-lite0.h5"), model);
    await explorerRow(page, "unseen.h5").waitFor();
    const start = Date.now();
    frame = await inspect(page, "unseen.h5");
    figure("right-click to the painted graph", (await painted(frame, lenses.Graph)) - start);
  });
  after(async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await closeEditors(page);
    rmSync(model);
    await explorerRow(page, "unseen.h5").waitFor({ state: "detached" });
  });

  it("is the first picture of a model: its blocks folded, without the list of layers beside it", async () => {
    assert.ok(await isOpen("Graph"));
    assert.equal(
      await tree().getAttribute("aria-label"),
      "Graph of the network: 143 layers, 12 nodes shown",
    );
    assert.ok((await colourCount(frame, "convlens-network canvas")) > 50);
    assert.equal(await frame.getByRole("listbox", { name: "Layers" }).isVisible(), false);
    await shot(page, "19-graph");
  });

  it("is walked along its lines, and unfolded, by the keyboard", async () => {
    await tree().focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    await until("the block", async () => (await active()).startsWith("block2, 17 layers"));
    assert.equal(await frame.getByRole("treeitem").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    await until("what is in it", async () => (await shown()) === 13);
    assert.equal(await frame.getByRole("treeitem").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowDown");
    await until("its first block", async () => (await active()).startsWith("block2a,"));
    await shot(page, "19-unfolded");
    await page.keyboard.press("Backspace");
    await until("the folded block", async () => (await shown()) === 12);
    for (const key of ["+", "+", "-", "0"]) await page.keyboard.press(key);
  });

  it("finds a layer, and opens the blocks around it", async () => {
    const search = frame.locator("convlens-graph").getByRole("searchbox");
    await search.fill("block5b_dw");
    await frame.getByText("1 of 143").waitFor();
    await shot(page, "19-search");
    await search.press("Enter");
    await until("the layer", async () =>
      (await active()).startsWith("DepthwiseConv2D, block5b_dwconv"),
    );
    assert.ok((await shown()) > 12);
    await frame.locator("header .layer").getByText("block5b_dwconv").waitFor();
    await shot(page, "19-found");
    await search.fill("");
  });

  it("leads from a layer to its lens, by a key or a double click", async () => {
    await tree().focus();
    await page.keyboard.press("Enter");
    await painted(frame, lenses.Filters);
    assert.ok(await isOpen("Filters"));
    await frame.locator("header .layer").getByText("block5b_dwconv").waitFor();
    figure("a tab to the graph", await openLens(frame, "Graph"));
    await until("the layer", async () => (await active()).includes("block5b_dwconv"));
    await frame
      .locator("convlens-graph aside")
      .getByRole("button", { name: "Activations" })
      .click();
    await until("the lens", () => isOpen("Activations"));
    await openLens(frame, "Graph");
  });

  it("unfolds a block where it is clicked, which stays where it is", async () => {
    await frame.getByRole("button", { name: "Fold all", exact: true }).click();
    await until("all folded", async () => (await shown()) === 12);
    await frame.getByRole("button", { name: "Show all", exact: true }).click();
    const box = await tree().boundingBox();
    assert.ok(box);
    // the first of twelve nodes is chosen by a click on it
    await page.mouse.click(box.x + box.width / 2, box.y + 30);
    await until("the input", async () => (await active()).startsWith("InputLayer, input_image"));
    await frame.getByRole("button", { name: "Unfold all", exact: true }).click();
    await until("all layers", async () => (await shown()) === 143);
    await shot(page, "19-all");
    await frame.getByRole("button", { name: "Fold all", exact: true }).click();
  });

  it("says how much flows along its lines to the class that a picture shows", async () => {
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Graph");
    // beside the last layer but one, which is chosen: what it gives
    await tree().focus();
    for (const key of ["End", "ArrowUp"]) await page.keyboard.press(key);
    const beside = frame.locator("convlens-graph aside");
    await beside.getByText("Contributes").waitFor({ timeout: 60_000 });
    await shot(page, "19-flow");
  });

  for (const theme of themes)
    it(`has nothing serious by axe-core, wide and narrow: ${theme.name}`, async () => {
      await setTheme(page, frame, theme);
      const name = theme.name.toLowerCase().replaceAll(" ", "-");
      assert.deepEqual(await seriousFindings(frame), []);
      await shot(page, `19-${name}`);
      await page.setViewportSize({ width: 820, height: 1000 });
      await until("the narrow panel", () => frame.evaluate(() => innerWidth < 560));
      assert.deepEqual(await seriousFindings(frame), []);
      await shot(page, `19-${name}-narrow`);
      await page.setViewportSize({ width: 1600, height: 1000 });
    });
});
