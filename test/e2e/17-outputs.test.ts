/** Networks whose outputs are no classes: what they say is told in their own terms, and a place in it is clicked, or typed. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { inspect, lookAt, openLens } from "./support/inspector.ts";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { severalInputs } from "../support/several-inputs.ts";
import { pointMaps, tokenFeatures } from "../support/small-outputs.ts";
import { session, shot } from "./support/session.ts";
import { closeEditors, openFolder } from "./support/workbench.ts";
import { colourCount, painted, webview } from "./support/webview.ts";
import { until } from "../support/until.ts";

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
    writeFileSync(path.join(folder, "features.onnx"), tokenFeatures());
    writeFileSync(path.join(folder, "points.onnx"), pointMaps());
    const names = { labels: ["nose", "left eye", "right eye"] };
    writeFileSync(path.join(folder, "points.onnx.convlens.json"), JSON.stringify(names));
    const shapes = path.join(workspace, "shapes");
    cpSync(path.join(shapes, "segmentation.onnx"), path.join(folder, "shapes.onnx"));
    cpSync(path.join(shapes, "pictures", "06_triangle_triangle_circle.png"), path.join(folder, "shapes.png")); // prettier-ignore
    cpSync(path.join(workspace, "coffee.png"), path.join(folder, "street.png"));
    await closeEditors(page);
    await openFolder(page, "outputs");
  });
  after(async () => {
    await closeEditors(page);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => closeEditors(page));

  const opened = async (name: string, picture = "street.png"): Promise<Frame> => {
    await inspect(page, name);
    const frame = await webview(page, `h1[title="${path.join(folder, name)}"]`);
    await lookAt(page, picture);
    return frame;
  };
  const heatMaps = async (name: string, picture?: string): Promise<Frame> => {
    const frame = await opened(name, picture);
    await openLens(frame, "Grad-CAM");
    return frame;
  };
  /** The same of what explains nothing by itself: a place has to be said first. */
  const asked = async (name: string): Promise<Frame> => {
    const frame = await opened(name);
    await frame.getByRole("tab", { name: "Grad-CAM", exact: true }).click();
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

  it("a box is clicked on the picture, and the map is of that box", async () => {
    const frame = await heatMaps("yolo.onnx");
    const found = frame.locator("convlens-answer");
    const picture = found.getByRole("application");
    await picture.waitFor(patient);
    const size = (await picture.boundingBox()) ?? assert.fail("no picture");
    // boxes of random weights lie somewhere: the first place of a grid that is in one
    for (let i = 0; i < 64; i++) {
      const [u, v] = [((i % 8) + 0.5) / 8, (Math.floor(i / 8) + 0.5) / 8];
      await picture.click({ position: { x: u * size.width, y: v * size.height } });
      if (/^box:\d+$/.test(await target(frame).inputValue())) break;
    }
    const box = /^box:(\d+)$/.exec(await target(frame).inputValue())?.[1];
    assert.ok(box !== undefined);
    await frame.locator("convlens-cam .why").getByText(`Target box:${box}`).waitFor(patient);
    await painted(frame, "convlens-cam");
    await shot(page, "17-box-clicked");
  });

  it("of a legend the areas that are explained are pressed, and no others", async () => {
    const frame = await heatMaps("shapes.onnx", "shapes.png");
    const found = frame.locator("convlens-answer");
    const rows = found.getByRole("list").getByRole("button");
    await rows.nth(1).waitFor(patient);
    await rows.nth(1).click();
    await frame
      .locator(CARD)
      .nth(1)
      .waitFor({ state: "detached", ...patient });
    assert.equal(await rows.nth(1).getAttribute("aria-pressed"), "true");
    assert.equal(await found.getByRole("button", { pressed: true }).count(), 1);
    await shot(page, "17-legend");
  });

  it("key points are drawn on the picture, and one is chosen in the list", async () => {
    const frame = await asked("points.onnx");
    const rows = frame.locator("convlens-answer").getByRole("list").getByRole("button");
    await rows.nth(2).waitFor(patient);
    await frame.getByText("Say what is explained").waitFor(patient);
    await shot(page, "17-points");
    await rows.nth(1).press("Enter");
    await frame.locator(CARD).getByText("left eye").waitFor(patient);
    await painted(frame, "convlens-cam");
    assert.equal(await frame.locator("convlens-answer").getByRole("button", { pressed: true }).count(), 1); // prettier-ignore
    await shot(page, "17-point");
  });

  it("a token is clicked, or reached by the arrows, and which of its numbers is asked", async () => {
    const frame = await asked("features.onnx");
    const found = frame.locator("convlens-answer");
    const picture = found.getByRole("application");
    await picture.waitFor(patient);
    const size = (await picture.boundingBox()) ?? assert.fail("no picture");
    await picture.click({ position: { x: 0.3 * size.width, y: 0.6 * size.height } });
    // a class token stands before the 4 x 4 of the picture
    assert.equal(await target(frame).inputValue(), "token:10");
    await frame.getByText("'features' has 6 numbers there").waitFor(patient);
    const number = frame.getByRole("searchbox", { name: "Add a class" });
    await number.fill("2");
    await number.press("Enter");
    await frame.locator("convlens-cam .why").getByText("Target token:10").waitFor(patient);
    await painted(frame, "convlens-cam");
    await shot(page, "17-token");
    await picture.focus();
    await picture.press("ArrowRight");
    await found.getByRole("status").getByText("token 11: row 2, column 2").waitFor(patient);
    await picture.press("Enter");
    await frame.locator("convlens-cam .why").getByText("Target token:11").waitFor(patient);
    await frame.locator(CARD).getByText("number 2").waitFor(patient);
    await shot(page, "17-token-keyboard");
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

describe("inputs beside the picture, in the panel", () => {
  let page: Page;
  let folder = "";
  const KINDS = ["facts", "siamese", "depth"] as const;
  before(async () => {
    const { page: own, workspace } = await session();
    page = own;
    folder = path.join(workspace, "inputs");
    cpSync(path.join(workspace, "coffee.png"), path.join(folder, "first.png"));
    cpSync(path.join(workspace, "chelsea.png"), path.join(folder, "second.png"));
    for (const kind of KINDS) writeFileSync(path.join(folder, `${kind}.onnx`), severalInputs(kind));
    const rows = floats([2, 3], Float32Array.from([1, 2, 3, 3, 6, 5]));
    writeFileSync(path.join(folder, "rows.npy"), encodeNpy(rows));
    await closeEditors(page);
    await openFolder(page, "inputs");
  });
  after(async () => {
    await closeEditors(page);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => closeEditors(page));

  const heatMaps = async (name: string): Promise<Frame> => {
    await inspect(page, name);
    const frame = await webview(page, `h1[title="${path.join(folder, name)}"]`);
    await lookAt(page, "first.png");
    await frame.getByRole("tab", { name: "Grad-CAM", exact: true }).click();
    await frame.locator("convlens-besides .line").waitFor(patient);
    return frame;
  };
  const stated = (name: string): unknown =>
    (
      JSON.parse(readFileSync(path.join(folder, `${name}.convlens.json`), "utf8")) as {
        inputs: unknown;
      }
    ).inputs;
  const dialog = (frame: Frame): ReturnType<Frame["locator"]> =>
    frame.locator("convlens-besides dialog");

  it("facts are typed, by the keyboard alone, and the map follows; a file of rows is chosen", async () => {
    const frame = await heatMaps("facts.onnx");
    await frame.locator("convlens-besides").getByText("says what: facts (3)").waitFor(patient);
    await frame.getByRole("button", { name: "Say what it is…" }).press("Enter");
    const way = dialog(frame).getByRole("combobox", { name: "What 'facts' is" });
    await way.press("N"); // not said
    await way.selectOption({ label: "Numbers" });
    const numbers = dialog(frame).getByRole("textbox", { name: "Numbers of 'facts'" });
    await numbers.fill("2, 4");
    const save = dialog(frame).getByRole("button", { name: "Save beside the model" });
    assert.ok(await save.isDisabled());
    await dialog(frame).getByText("'facts' takes one number for all, or 3 numbers.").waitFor();
    await shot(page, "17-inputs-wrong");
    await numbers.fill("2, 4, 4");
    await shot(page, "17-inputs-numbers");
    await numbers.press("Enter");
    await dialog(frame).waitFor({ state: "hidden" });
    await painted(frame, "convlens-cam");
    assert.deepEqual(stated("facts.onnx"), { facts: [2, 4, 4] });
    const footer = frame.locator("convlens-footer");
    await footer.getByText("Beside it: facts = 2, 4, 4").waitFor(patient);
    await frame.locator("convlens-besides .line").waitFor({ state: "detached" });
    const said = await frame.locator(CARD).first().innerText();

    await footer.getByRole("button", { name: "Other inputs…" }).press("Enter");
    await way.selectOption({ label: "Mean of the rows of an array" });
    await dialog(frame).getByRole("button", { name: "Choose the file of 'facts'" }).press("Enter");
    // the dialog of a browser's workbench is a line to type into
    const line = page.locator(".quick-input-widget input[type=text]").first();
    await line.fill(path.join(folder, "rows.npy"), patient);
    // it takes nothing while it looks for what was typed
    const chosen = dialog(frame).getByText("rows.npy");
    const taken = async (): Promise<boolean> => {
      if (await line.isVisible()) await line.press("Enter");
      return chosen.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    };
    await until("the file", taken, patient.timeout);
    await shot(page, "17-inputs-mean");
    await save.click();
    await footer.getByText("Beside it: facts = mean of rows.npy").waitFor(patient);
    assert.deepEqual(stated("facts.onnx"), { facts: { mean: "rows.npy" } });
    // the same numbers, said in another way
    await painted(frame, "convlens-cam");
    assert.equal(await frame.locator(CARD).first().innerText(), said);
  });

  for (const [network, name] of [
    ["siamese.onnx", "right"],
    ["depth.onnx", "depth"],
  ] as const)
    it(`the second picture is one of the strip: ${network}`, async () => {
      const frame = await heatMaps(network);
      await lookAt(page, "second.png");
      await lookAt(page, "first.png");
      await frame.getByRole("button", { name: "Say what it is…" }).click();
      await dialog(frame)
        .getByRole("combobox", { name: `What '${name}' is` })
        .selectOption({
          label: "A file",
        });
      await dialog(frame)
        .getByRole("combobox", { name: `File of '${name}'` })
        .selectOption({
          label: "second.png",
        });
      await shot(page, `17-inputs-${name}`);
      await dialog(frame).getByRole("button", { name: "Save beside the model" }).click();
      await painted(frame, "convlens-cam");
      await frame.locator("convlens-footer").getByText(`${name} = second.png`).waitFor(patient);
      assert.deepEqual(stated(network), { [name]: "second.png" });
      await shot(page, `17-view-${name}`);
      // the map of the other picture lies over that one; the keyboard alone, there and back
      const before = await painted(frame, "convlens-cam");
      const over = frame.getByRole("toolbar").getByRole("combobox", { name: "Over" });
      const said = frame.locator("convlens-cam .why");
      for (const [key, input] of [
        // below "auto", which is the last of both
        ["ArrowDown", name === "right" ? "left" : "rgb"],
        ["End", name],
      ] as const) {
        await over.press(key);
        await said.getByText(`over ${input}`).waitFor(patient);
        if (key === "ArrowDown") await painted(frame, "convlens-cam", before);
        await shot(page, `17-over-${input}`);
      }
    });
});
