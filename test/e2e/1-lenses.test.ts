import assert from "node:assert/strict";
import path from "node:path";
import { until } from "../support/until.ts";
import { filterColours } from "./support/expected.ts";
import { figure } from "./support/figures.ts";
import { chooseLayer, hotSpot, inspect, inspector, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { tileColours } from "./support/tiles.ts";
import { colourCount } from "./support/webview.ts";

const model = "efficientnet-lite0.h5";

describe("a model, from the explorer to Grad-CAM", () => {
  it("opens on a right-click and lists its layers", async () => {
    const { page } = await session();
    const start = Date.now();
    const frame = await inspect(page, model);
    figure("right-click to the list of layers", Date.now() - start);
    await openLens(frame, "Model");
    // the table has all layers: no list shows them a second time
    await frame.locator("convlens-layers").waitFor({ state: "hidden" });
    await shot(page, "1-model");
  });

  it("draws the filters of the first convolution as they are in the file", async () => {
    const { page, workspace } = await session();
    const frame = await inspector(page);
    figure("click to the first painted filters", await openLens(frame, "Filters"));
    await chooseLayer(frame, "stem_conv");
    const grid = "convlens-filters convlens-tiles";
    assert.ok((await colourCount(frame, `${grid} canvas`)) > 50);
    const expected = filterColours(path.join(workspace, model), "stem_conv", 0);
    const seen = await tileColours(frame, grid, 0, 3, 3);
    assert.deepEqual(seen, expected);
    await shot(page, "2-filters");
  });

  it("sees an Egyptian cat in the picture chosen in the explorer", async () => {
    const { page } = await session();
    await lookAt(page, "chelsea.png");
    const frame = await inspector(page);
    const first = frame.locator("convlens-classes .bar").first();
    await first.waitFor({ timeout: 90_000 });
    assert.match(await first.innerText(), /Egyptian cat/i);
  });

  it("draws the feature maps of the chosen layer", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    figure("click to the first feature maps", await openLens(frame, "Activations"));
    assert.ok((await colourCount(frame, "convlens-activations convlens-tiles canvas")) > 50);
    await shot(page, "3-activations");
  });

  it("explains one number of a feature map, down to the network's own", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    await frame.getByRole("button", { name: "Take the strongest cell" }).click();
    await frame.getByRole("button", { name: "How a filter works" }).click();
    const lens = frame.locator("convlens-how");
    await lens.getByText("the network's own number").waitFor({ timeout: 60_000 });
    // the stem reads the picture's own colours
    for (const colour of ["R", "G", "B"]) await lens.getByText(colour, { exact: true }).waitFor();
    await lens.getByText(/^γ .* ε/).waitFor();
    // it has 32 filters, on maps that are 112 wide
    const filter = lens.getByRole("spinbutton", { name: "Filter", exact: true });
    await filter.fill("31");
    await filter.press("Enter");
    await lens.getByRole("heading", { name: /filter 31 at/ }).waitFor({ timeout: 60_000 });
    assert.ok(await lens.getByRole("button", { name: "Next filter" }).isDisabled());
    await filter.fill("0");
    await filter.press("Enter");
    await lens.getByRole("heading", { name: /filter 0 at/ }).waitFor({ timeout: 60_000 });
    await shot(page, "3-how-a-filter-works");
  });

  it("lets the kernel go over the picture, and stops where it is told to", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    const lens = frame.locator("convlens-how");
    const x = lens.getByRole("spinbutton", { name: "x", exact: true });
    const y = lens.getByRole("spinbutton", { name: "y", exact: true });
    await y.fill("0");
    await y.press("Enter");
    await x.fill("0");
    await x.press("Enter");
    await lens.getByText(/at y 0, x 0\s*$/).waitFor();
    await lens.getByRole("button", { name: "Step", exact: true }).click();
    await lens.getByText(/at y 0, x 1\s*$/).waitFor();
    await lens.getByRole("button", { name: "Scan the picture" }).click();
    await until("a row that was scanned", async () => Number(await y.inputValue()) > 2);
    await shot(page, "3-scanning");
    await lens.getByRole("button", { name: "Pause" }).click();
    const [row, column] = [await y.inputValue(), await x.inputValue()];
    await lens.getByText(new RegExp(`at y ${row}, x ${column}\\s*$`)).waitFor();
    const map = lens.getByRole("img", { name: /^Map / });
    const box = await map.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + box.height - 2, { steps: 4 });
    await page.mouse.up();
    await lens.getByText(/at y 111, x 111\s*$/).waitFor();
    await openLens(frame, "Activations");
  });

  it("shows feature maps from the first layers to the last", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    await frame.getByRole("radio", { name: "Overview" }).click();
    assert.ok((await colourCount(frame, "convlens-overview canvas")) > 20);
    await shot(page, "3-overview");
  });

  it("finds the evidence for the cat in its face", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    figure("click to the first Grad-CAM", await openLens(frame, "Grad-CAM"));
    const spot = await hotSpot(frame);
    // The face is between x 100 and 360, y 40 and 290 of 451 x 300; the network sees the square in the middle.
    assert.ok(spot.u > 0.08 && spot.u < 0.95, `u is ${spot.u}`);
    assert.ok(spot.v > 0.13 && spot.v < 0.97, `v is ${spot.v}`);
    await shot(page, "4-grad-cam");
  });
});
