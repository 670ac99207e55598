/** Networks whose outputs are no classes: what they say is told in their own terms, and a place in it is clicked, or typed. */
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { inspect, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { closeEditors, openFolder } from "./support/workbench.ts";
import { colourCount, painted, webview } from "./support/webview.ts";

const patient = { timeout: 60_000 };
const CARD = "convlens-cam-card";

describe("outputs that are no classes, in the panel", () => {
  let page: Page;
  let folder = "";
  before(async () => {
    const { page: own, workspace } = await session();
    page = own;
    folder = path.join(workspace, "outputs");
    const networks = path.join(root, "test", "golden", "data", "targets");
    for (const name of ["unet.h5", "yolo.onnx"])
      cpSync(path.join(networks, name), path.join(folder, name));
    cpSync(path.join(workspace, "coffee.png"), path.join(folder, "street.png"));
    await closeEditors(page);
    await openFolder(page, "outputs");
  });
  after(async () => {
    await closeEditors(page);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => closeEditors(page));

  const heatMaps = async (name: string): Promise<Frame> => {
    await inspect(page, name);
    const frame = await webview(page, `h1[title="${path.join(folder, name)}"]`);
    await lookAt(page, "street.png");
    await openLens(frame, "Grad-CAM");
    return frame;
  };
  const target = (frame: Frame): ReturnType<Frame["locator"]> =>
    frame.getByRole("toolbar").getByRole("textbox", { name: "Target", exact: true });
  const chips = (frame: Frame): ReturnType<Frame["locator"]> => frame.locator(".top .chip");

  it("a pixel of a segmentation is explained by a click, or typed", async () => {
    const frame = await heatMaps("unet.h5");
    await chips(frame).first().waitFor(patient);
    assert.match(await chips(frame).first().innerText(), /%/);
    // what is explained by itself is said above the map
    await frame.locator("convlens-cam .why").getByText("Target predicted").waitFor(patient);
    await frame.locator(CARD).getByText("logit 6671").waitFor(patient);
    await shot(page, "17-segmentation");
    const before = await painted(frame, "convlens-cam");
    const canvas = frame.locator(`${CARD} canvas`).first();
    const size = await canvas.boundingBox();
    assert.ok(size);
    await canvas.click({ position: { x: size.width * 0.26, y: size.height * 0.51 } });
    // the network's number there, not that of all pixels
    await frame.locator(CARD).getByText("logit 6671").waitFor({ state: "detached" });
    await painted(frame, "convlens-cam", before);
    // 48 rows and 64 columns
    assert.equal(await target(frame).inputValue(), "pixel:24,16");
    assert.ok((await colourCount(frame, `${CARD} canvas`)) > 20);
    await shot(page, "17-pixel");
    await target(frame).fill("mean");
    await target(frame).press("Enter");
    await frame.locator(CARD).getByText("logit 2.17").waitFor(patient);
    await shot(page, "17-mean");
  });

  it("a position, or a line around some, is chosen on what the network found", async () => {
    const frame = await heatMaps("unet.h5");
    const found = frame.locator("convlens-answer");
    const picture = found.getByRole("application");
    await picture.waitFor(patient);
    // the network's only class but for the rest, by its share
    assert.match(await found.getByRole("listitem").first().innerText(), /%/);
    assert.ok((await colourCount(frame, "convlens-answer canvas")) > 20);
    await picture.focus();
    for (const key of ["ArrowDown", "Shift+ArrowRight", "ArrowRight"]) await picture.press(key);
    // from the middle of 48 x 64
    await found.getByRole("status").getByText("row 25, column 41: class").waitFor(patient);
    await shot(page, "17-keyboard");
    await picture.press("Enter");
    await frame.locator("convlens-cam .why").getByText("Target pixel:25,41").waitFor(patient);
    const box = (await picture.boundingBox()) ?? assert.fail("no picture");
    const go = (u: number, v: number): Promise<void> =>
      page.mouse.move(box.x + u * box.width, box.y + v * box.height, { steps: 4 });
    await go(0.2, 0.2);
    await page.mouse.down();
    await go(0.6, 0.2);
    await go(0.4, 0.7);
    await page.mouse.up();
    await frame.locator("convlens-cam .why").getByText("Target polygon:9,12,").waitFor(patient);
    assert.match(await target(frame).inputValue(), /^polygon:9,12,.*33,25$/);
    await shot(page, "17-line");
  });

  it("a box is chosen by a click, by the arrows, or in the list", async () => {
    const frame = await heatMaps("yolo.onnx");
    const found = frame.locator("convlens-answer");
    const picture = found.getByRole("application");
    await picture.waitFor(patient);
    await picture.focus();
    await picture.press("ArrowDown");
    const said = await found.getByRole("status").innerText();
    await picture.press("Enter");
    const chosen = /\d+/.exec(said)?.[0] ?? assert.fail("no number");
    await frame.locator("convlens-cam .why").getByText(`Target box:${chosen}`).waitFor(patient);
    const pressed = found.getByRole("button", { pressed: true });
    assert.match(await pressed.innerText(), new RegExp(`^box ${chosen}:`));
    await shot(page, "17-found");
    await openLens(frame, "Attribution");
    await frame.locator("convlens-attribute convlens-answer canvas").waitFor(patient);
    await shot(page, "17-attribution");
  });

  it("the boxes of a detector are offered, and none is called a class of the picture", async () => {
    const frame = await heatMaps("yolo.onnx");
    const chip = chips(frame).first();
    await chip.waitFor(patient);
    assert.match(await chip.innerText(), /^box \d+: /);
    const box = /\d+/.exec(await chip.innerText())?.[0] ?? assert.fail("no number");
    await chip.click();
    await painted(frame, "convlens-cam");
    assert.equal(await target(frame).inputValue(), `box:${box}`);
    await frame.locator("convlens-cam .why").getByText(`Target box:${box}`).waitFor(patient);
    await shot(page, "17-box");
  });
});
