import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { freeDigits } from "../support/free-size.ts";
import { knownNetwork, knownWeights } from "../support/known-network.ts";
import { until } from "../support/until.ts";
import { hotSpot, inspect, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { closeEditors, closeFolder, openFolder } from "./support/workbench.ts";
import { colourCount, painted, webview } from "./support/webview.ts";

/** One network that reads digits, as ten exporters write it, and a checkpoint of its training: where it lies here, and among test/models. */
const RUN = {
  "net.keras": "small_k3.keras",
  "net.h5": "small_k2.h5",
  "net.onnx": "onnx/small_tf2onnx.onnx",
  "net.tflite": "small_f32.tflite",
  "net.pt2": "torch/small.pt2",
  "torchscript.pt": "torch/small_scripted.torchscript.pt",
  "net.pb": "small_frozen.pb",
  saved_model: "small_savedmodel_k2",
  tfjs_graph: "small_tfjs_graph",
  "model.json": "small_tfjs_layers",
  // weights, and the network of net.pt2 beside them
  "best.pth": "torch/small_checkpoint.pth",
} as const;
/** Checkpoints of a network that ConvLens knows, of torchvision: two of one training. */
const KNOWN = ["best_model.pth", "last_model.pth"];
/** The same with rows and columns left free. */
const FREE = "free.onnx";
/** Weights alone, in a folder without their network: layers and filters are seen, nothing is run. */
const SEEN = {
  "weights.safetensors": "torch/small.safetensors",
  "weights.pt": "torch/small_state_dict.pt",
  "module.pth": "torch/small_whole_module.pth",
} as const;
const PICTURE = "eight.png";
/** Cells of the heat map to a side. */
const CELLS = 8;
const patient = { timeout: 60_000 };

/** Folders have names of their own: a row of the explorer is found by its name. */
const placeOf = (name: string): string =>
  name === "model.json"
    ? path.join("layers", name)
    : Object.hasOwn(SEEN, name)
      ? path.join("alone", name)
      : name;

describe("every format, from the explorer's menu", () => {
  let folder = "";
  let expected: { u: number; v: number } | null = null;

  before(async () => {
    const { page, workspace } = await session();
    folder = path.join(workspace, "formats");
    const models = path.join(root, "test", "models");
    for (const [name, from] of Object.entries({ ...RUN, ...SEEN })) {
      const own = Object.hasOwn(SEEN, name) ? placeOf(name) : name;
      const place = path.join(folder, name === "model.json" ? "layers" : own);
      cpSync(path.join(models, from), place, { recursive: true });
    }
    writeFileSync(path.join(folder, FREE), freeDigits());
    const known = knownNetwork("mobilenet_v3_small");
    mkdirSync(path.join(folder, "known"));
    KNOWN.forEach((name, i) => {
      writeFileSync(path.join(folder, "known", name), knownWeights(known, i));
    });
    const digit = path.join(root, "samples", "digits", "pictures", "digit_13_label8.png");
    cpSync(digit, path.join(folder, PICTURE));
    await closeEditors(page);
    for (const other of ["bad", "digits"]) await closeFolder(page, other);
    await openFolder(page, "formats");
    await openFolder(page, "layers");
    await openFolder(page, "alone");
    await openFolder(page, "known");
  });
  // the suites after this one find what the samples hold
  after(async () => {
    const { page } = await session();
    await closeEditors(page);
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const { page } = await session();
    await closeEditors(page);
  });

  /** The inspector on this model, its layers listed. */
  const opened = async (page: Page, name: string): Promise<Frame> => {
    await inspect(page, name);
    const frame = await webview(page, `h1[title="${path.join(folder, placeOf(name))}"]`);
    await openLens(frame, "Model");
    const layers = frame.getByRole("grid", { name: "Layers" }).getByRole("row");
    await layers.filter({ hasText: "conv3" }).first().waitFor(patient);
    assert.ok((await layers.count()) >= 5);
    return frame;
  };

  const seesAnEight = async (page: Page, frame: Frame, name: string): Promise<void> => {
    await painted(frame, "convlens-cam");
    assert.ok((await colourCount(frame, "convlens-cam-card canvas")) > 20);
    const best = frame.locator("convlens-classes .bar").first();
    await best.waitFor(patient);
    assert.match(await best.innerText(), /\b8\b/);
    const spot = await hotSpot(frame);
    await shot(page, `7-${name}`);
    expected ??= spot;
    assert.ok(Math.abs(spot.u - expected.u) <= 1 / CELLS, `u ${spot.u}, Keras ${expected.u}`);
    assert.ok(Math.abs(spot.v - expected.v) <= 1 / CELLS, `v ${spot.v}, Keras ${expected.v}`);
  };
  // before their network is known: one that was accepted once is found again
  for (const name of Object.keys(SEEN))
    it(`${name}: shows its filters, and says why it cannot be run`, async () => {
      const { page } = await session();
      const frame = await opened(page, name);
      await openLens(frame, "Filters");
      assert.ok((await colourCount(frame, "convlens-filters convlens-tiles canvas")) > 20);
      await shot(page, `7-${name}`);
      await frame.getByRole("tab", { name: "Grad-CAM", exact: true }).click();
      await frame
        .getByText(/export the model with torch\.export\.save/)
        .first()
        .waitFor(patient);
    });

  for (const name of KNOWN)
    it(`${name}: its network is known; a heat map without a question`, async () => {
      const { page } = await session();
      await inspect(page, name);
      const frame = await webview(page, `h1[title="${path.join(folder, "known", name)}"]`);
      await lookAt(page, PICTURE);
      await openLens(frame, "Grad-CAM");
      assert.ok((await colourCount(frame, "convlens-cam-card canvas")) > 20);
      assert.equal(
        await page.locator(".monaco-dialog-box, .quick-input-widget:visible").count(),
        0,
      );
      await shot(page, `7-${name}`);
      await openLens(frame, "Model");
      const told = frame.getByText(/The network is that of torchvision mobilenet_v3_small/);
      await told.waitFor(patient);
      await shot(page, `7-${name}-model`);
    });

  for (const name of Object.keys(RUN))
    it(`${name}: sees an eight, for the same reason`, async () => {
      const { page } = await session();
      const frame = await opened(page, name);
      await lookAt(page, PICTURE);
      await seesAnEight(page, frame, name);
    });

  it(`${FREE}: asks for rows and columns, and keeps them beside the model`, async () => {
    const { page } = await session();
    const frame = await opened(page, FREE);
    // the usual 224 x 224 cannot be, so one that can is found
    await frame.locator("convlens-footer").getByText("32 x 32").waitFor(patient);
    await frame.locator("convlens-footer").getByRole("button", { name: "Change" }).click();
    const size = frame.getByRole("textbox", { name: "Rows x columns" });
    await size.fill("32 by 32");
    await frame.getByText("The size must be rows x columns").waitFor(patient);
    await size.fill("32 x 32");
    await shot(page, "7-free-size");
    await frame.getByRole("button", { name: "Use and save beside the model" }).click();
    await frame.locator("convlens-footer").getByText("32 x 32").waitFor(patient);
    await lookAt(page, PICTURE);
    await seesAnEight(page, frame, FREE);
    // ours are written whole: once it is there it can be read
    const sidecar = path.join(folder, `${FREE}.convlens.json`);
    await until("the sidecar", () => existsSync(sidecar), patient.timeout);
    const kept = JSON.parse(readFileSync(sidecar, "utf8")) as { inputSize: unknown };
    assert.deepEqual(kept.inputSize, [32, 32]);
  });
});
