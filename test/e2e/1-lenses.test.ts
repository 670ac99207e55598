import assert from "node:assert/strict";
import path from "node:path";
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
    await chooseLayer(frame, "stem_conv");
    await shot(page, "1-model");
  });

  it("draws the filters of the first convolution as they are in the file", async () => {
    const { page, workspace } = await session();
    const frame = await inspector(page);
    figure("click to the first painted filters", await openLens(frame, "Filters"));
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
    await frame.getByText("the network's own number").waitFor({ timeout: 60_000 });
    await shot(page, "3-how-a-filter-works");
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
