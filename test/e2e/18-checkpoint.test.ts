/** A file of weights, right-clicked: one dialog, and it runs; another checkpoint of it with no question. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { weightsOf, writeZeros } from "../support/library-weights.ts";
import { until } from "../support/until.ts";
import { DIGITS_CLASS } from "./support/digits-class.ts";
import { inspect, inspector, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import {
  closeEditors,
  closeFolder,
  contextMenu,
  explorerRow,
  openFolder,
  pickRow,
} from "./support/workbench.ts";

const MODEL = `${DIGITS_CLASS}


SIZE = 32

if __name__ == "__main__":
    from torchvision import transforms

    transforms.Resize((SIZE, SIZE))
    raise SystemExit("trained")
`;
const TRAIN = `from model import Digits
net = Digits(classes=10)
for epoch in range(10):
    raise SystemExit("trained")
`;
const KERAS = path.join(root, "test/golden/data/own-keras");
const KERAS_FILE = "net_k3.weights.h5";
/**
 * Answers as the helper would, with the network that torch wrote of this class, or TensorFlow of a Keras class where it is told the layout of a
 * file. CONVLENS_E2E_PYTHON names a Python with torch instead.
 */
const standIn = `#!${process.execPath}
const fs = require("node:fs");
const keras = process.argv.includes("--outline");
const call = keras ? "Net()" : "Digits(classes=10)";
console.log("making " + call);
setTimeout(() => {
  const file = keras ? "structure.pb" : "structure.pt2";
  fs.copyFileSync(keras ? ${JSON.stringify(path.join(KERAS, `${KERAS_FILE}.pb`))} : ${JSON.stringify(path.join(root, "test/models/torch/small.pt2"))}, file);
  fs.writeFileSync("result.json", JSON.stringify({ file, call, sources: [] }));
}, 1500);
`;
const patient = { timeout: 60_000 };

describe("a checkpoint that is run", () => {
  let page: Page;
  let folder: string;
  let environment: string;
  before(async function () {
    if (process.platform === "win32") this.skip();
    const { page: own, workspace } = await session();
    page = own;
    await closeEditors(page);
    // another suite may have shown this network, from another file
    const known = process.env["CONVLENS_STRUCTURES"];
    if (known !== undefined) rmSync(known, { recursive: true, force: true });
    folder = path.join(workspace, "trained");
    environment = path.join(workspace, ".venv");
    mkdirSync(folder);
    mkdirSync(path.join(environment, "bin"), { recursive: true });
    const real = process.env["CONVLENS_E2E_PYTHON"];
    const python = path.join(environment, "bin", "python");
    writeFileSync(python, real === undefined ? standIn : `#!/bin/sh\nexec '${real}' "$@"\n`);
    chmodSync(python, 0o755);
    writeFileSync(path.join(folder, "model.py"), MODEL);
    writeFileSync(path.join(folder, "train.py"), TRAIN);
    const from = path.join(root, "test/models/torch/small_state_dict.pt");
    for (const name of ["best.pth", "last.pth"]) copyFileSync(from, path.join(folder, name));
    copyFileSync(path.join(KERAS, "model.py"), path.join(folder, "net.py"));
    copyFileSync(path.join(KERAS, KERAS_FILE), path.join(folder, "net.weights.h5"));
    writeZeros(path.join(folder, "b0.safetensors"), await weightsOf("timm/tf_efficientnet_b0"));
    await openFolder(page, "trained");
    await explorerRow(page, "best.pth").waitFor(patient);
  });
  after(async () => {
    await closeEditors(page);
    await closeFolder(page, "trained");
    for (const made of [folder, environment]) rmSync(made, { recursive: true, force: true });
  });

  const dialog = (): Locator => page.locator(".monaco-dialog-box");
  const answer = (name: string): Promise<void> =>
    dialog().getByRole("button", { name, exact: true }).click();
  const box = (): Locator => page.locator(".quick-input-widget input[type=text]").first();
  /** What is offered is taken. */
  async function asked(): Promise<void> {
    await pickRow(page, /model\.py:Digits/);
    await until("the arguments", async () => (await box().inputValue()) === "classes=10");
    await shot(page, "18-arguments");
    await page.keyboard.press("Enter");
    await until("the shape", async () => (await box().inputValue()) === "1x3x32x32");
    await page.keyboard.press("Enter");
    await dialog().waitFor(patient);
  }

  it("is offered where the panel shows its filters", async () => {
    const frame = await inspect(page, "best.pth");
    await openLens(frame, "Model");
    await frame.getByRole("button", { name: "Run this checkpoint…" }).click(patient);
    await page.locator(".quick-input-list").getByText("model.py:Digits").first().waitFor(patient);
    await shot(page, "18-offered");
    await page.keyboard.press("Escape");
    await closeEditors(page);
  });

  it("runs nothing before the dialog, which shows the command, and nothing where it is dismissed", async () => {
    await contextMenu(page, explorerRow(page, "best.pth"), "Run This Checkpoint");
    await asked();
    const words = (await dialog().innerText()).replaceAll("\u00a0", " ");
    await shot(page, "18-dialog");
    const script = path.join(folder, "model.py");
    assert.ok(
      words.includes(`--entry ${script}:Digits --input 1x3x32x32 --argument classes=10`),
      words,
    );
    assert.ok(words.includes(path.join(environment, "bin", "python")), words);
    assert.ok(words.includes(`It imports ${script}`), words);
    await answer("Cancel");
    await dialog().waitFor({ state: "detached" });
  });

  it("shows a heat map once it was run", async () => {
    await contextMenu(page, explorerRow(page, "best.pth"), "Run This Checkpoint");
    await asked();
    await answer("Run");
    const frame = await inspector(page);
    await frame.getByText(/The network is that of model\.py:Digits\(classes=10\)/).waitFor(patient);
    await shot(page, "18-model");
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Grad-CAM");
    await shot(page, "18-heat-map");
    await closeEditors(page);
  }).timeout(180_000);

  it("so does another checkpoint, with no question", async () => {
    const frame = await inspect(page, "last.pth");
    await frame.getByText(/The network is that of model\.py:Digits\(classes=10\)/).waitFor(patient);
  });

  it("runs weights of a Keras class, of which Python is told the layout alone", async function () {
    // the other interpreter has torch
    if (process.env["CONVLENS_E2E_PYTHON"] !== undefined) this.skip();
    await closeEditors(page);
    await contextMenu(page, explorerRow(page, "net.weights.h5"), "Run This Checkpoint");
    await pickRow(page, /net\.py:Net/);
    await page.getByText(/^Arguments of Net/).waitFor(patient);
    await page.keyboard.press("Enter");
    await until("the shape", async () => (await box().inputValue()) === "1x16x16x3");
    await page.keyboard.press("Enter");
    await dialog().waitFor(patient);
    const words = (await dialog().innerText()).replaceAll("\u00a0", " ");
    assert.ok(words.includes("net.py:Net --input 1x16x16x3 --outline outline.json"), words);
    assert.ok(words.includes("The file of weights goes to no Python"), words);
    await answer("Run");
    const frame = await inspector(page);
    await frame.getByText(/The network is that of net\.py:Net\(\)/).waitFor(patient);
    await shot(page, "18-keras");
  });

  it("offers the networks that weights cannot tell apart, and takes the one that is picked", async () => {
    await closeEditors(page);
    const frame = await inspect(page, "b0.safetensors");
    await openLens(frame, "Model");
    await frame
      .getByText(/timm efficientnet_b0/)
      .first()
      .waitFor(patient);
    await frame.getByRole("button", { name: "Choose structure…" }).click(patient);
    const rows = page.locator(".quick-input-list .monaco-list-row");
    const label = async (row: number): Promise<string> =>
      (await rows.nth(row).getAttribute("aria-label")) ?? "";
    // the palette's own rows may still be there
    await until("the networks", async () => (await label(0)).startsWith("timm/"));
    await shot(page, "18-twins");
    assert.match(await label(0), /^timm\/efficientnet_b0.*taken now/);
    assert.match(await label(1), /^timm\/tf_efficientnet_b0/);
    await pickRow(page, /^timm\/tf_efficientnet_b0$/);
    await frame
      .getByText(/timm tf_efficientnet_b0/)
      .first()
      .waitFor(patient);
    await shot(page, "18-twin-taken");
    const kept = readFileSync(path.join(folder, "b0.safetensors.convlens.json"), "utf8");
    assert.deepEqual(JSON.parse(kept), { structure: "timm/tf_efficientnet_b0" });
  });
});
