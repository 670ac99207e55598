/** Networks over one axis and three: a curve with its map below, and slices of a volume that a slider and arrow keys move. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { until } from "../support/until.ts";
import { inspect, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { painted, webview } from "./support/webview.ts";
import { closeEditors, openFolder } from "./support/workbench.ts";

const patient = { timeout: 60_000 };

describe("networks over one axis and three, in the panel", () => {
  let page: Page;
  let folder = "";
  before(async () => {
    const { page: own, workspace } = await session();
    page = own;
    folder = path.join(workspace, "axes");
    mkdirSync(folder, { recursive: true });
    for (const name of ["m5", "r3d"]) {
      const known = path.join(root, "test", "models", "axes", name);
      cpSync(`${known}.onnx`, path.join(folder, `${name}.onnx`));
      const { input } = JSON.parse(readFileSync(`${known}.json`, "utf8")) as {
        input: { shape: number[]; data: number[] };
      };
      const array = encodeNpy(floats(input.shape, Float32Array.from(input.data)));
      writeFileSync(path.join(folder, `${name}.npy`), array);
    }
    await closeEditors(page);
    await openFolder(page, "axes");
  });
  after(async () => {
    await closeEditors(page);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => closeEditors(page));

  const panel = async (name: string): Promise<Frame> => {
    await inspect(page, `${name}.onnx`);
    const frame = await webview(page, `h1[title="${path.join(folder, name)}.onnx"]`);
    await lookAt(page, `${name}.npy`);
    return frame;
  };

  it("a series is a curve over its steps, with the heat map below", async () => {
    const frame = await panel("m5");
    await openLens(frame, "Grad-CAM");
    const card = frame.locator("convlens-cam-card canvas").first();
    await card.waitFor(patient);
    await painted(frame, "convlens-cam");
    const box = await card.boundingBox();
    assert.ok(box && box.width > 2 * box.height, "as wide as there is room");
    await shot(page, "23-series-cam");
    await openLens(frame, "Attribution");
    await frame.locator("convlens-attribute canvas").nth(1).waitFor(patient);
    await painted(frame, "convlens-attribute");
    await shot(page, "23-series-attribution");
    await openLens(frame, "Activations");
    await painted(frame, "convlens-activations");
    await shot(page, "23-series-activations");
  });

  it("a volume is slices in three planes, of which all pictures show the same", async () => {
    const frame = await panel("r3d");
    await openLens(frame, "Grad-CAM");
    const sliders = frame.locator("convlens-cam-card").getByRole("slider", { name: "Slice" });
    await sliders.first().waitFor(patient);
    await painted(frame, "convlens-cam");
    await frame.locator(".why").getByText("3 × 2 × 2 cells").waitFor(patient);
    assert.equal(await sliders.first().getAttribute("aria-valuetext"), "slice 4 of 6");
    await sliders.first().press("ArrowRight");
    await until(
      "the other picture shows it, too",
      async () => (await sliders.last().getAttribute("aria-valuetext")) === "slice 5 of 6",
    );
    await shot(page, "23-volume-cam");
    await frame.locator("convlens-cam-card").first().getByText("x", { exact: true }).click();
    await until(
      "columns are cut",
      async () => (await sliders.first().getAttribute("max")) === "11",
    );
    await openLens(frame, "Activations");
    await frame.getByRole("toolbar").getByRole("radio", { name: "Maps" }).click();
    await painted(frame, "convlens-activations");
    await shot(page, "23-volume-activations");
  });
});
