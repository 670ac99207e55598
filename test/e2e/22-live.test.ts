/**
 * A model that is alive: in a program that the debugger has paused, and in a notebook. CONVLENS_TEST_PYTHON names a Python with torch and debugpy;
 * without it stand-ins give what they would (`debugger/`).
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { until } from "../support/until.ts";
import { inspect, inspector, lookAt, openLens } from "./support/inspector.ts";
import { DIGITS_CLASS } from "./support/digits-class.ts";
import { ownWindow, shot } from "./support/session.ts";
import { activity, closeEditors, explorerRow, palette } from "./support/workbench.ts";

const patient = { timeout: 90_000 };
const python = process.env["CONVLENS_TEST_PYTHON"];
const PROGRAM = `${DIGITS_CLASS}

class Trainer:
    net = Digits(10)


trainer, epoch = Trainer(), 3
breakpoint()
print("went on")
`;
const CELL = { cell_type: "code", metadata: {}, outputs: [], execution_count: null };
const NOTEBOOK = {
  ...{ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: "python" } } },
  cells: [{ ...CELL, id: "a", source: ["from train import Digits\n", "model = Digits(10)\n"] }],
};

describe("a model that is alive", () => {
  let page: Page;
  let folder: string;
  let project: string;
  let temporary: string;
  let close: () => Promise<void>;
  /** Private folders of the extension host with a copy of a model in them. */
  const copies = (): string[] =>
    readdirSync(temporary).filter(
      (name) => /^convlens-\d+-/.test(name) && existsSync(path.join(temporary, name, "model.pt2")),
    );
  before(async function () {
    if (process.platform === "win32") this.skip();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-live-")));
    [project, temporary] = [path.join(folder, "project"), path.join(folder, "temporary")];
    for (const one of [project, temporary, path.join(project, ".vscode")]) mkdirSync(one);
    writeFileSync(path.join(project, "train.py"), PROGRAM);
    writeFileSync(path.join(project, "cells.ipynb"), JSON.stringify(NOTEBOOK));
    copyFileSync(path.join(root, "test/models/torch/small.pt2"), path.join(project, "paused.pt2"));
    copyFileSync(path.join(root, "samples/chelsea.png"), path.join(project, "chelsea.png"));
    const launch = { name: "Train", type: "debugpy", request: "launch" };
    writeFileSync(
      path.join(project, ".vscode/launch.json"),
      JSON.stringify({
        version: "0.2.0",
        configurations: [
          {
            ...{ ...launch, program: path.join(project, "train.py"), console: "internalConsole" },
            ...(python !== undefined && { python: [python] }),
          },
        ],
      }),
    );
    ({ page, close } = await ownWindow(project, {
      extensions: [path.join(root, "test/e2e/debugger")],
      env: { TMPDIR: temporary },
      changes: { "workbench.colorTheme": process.env["CONVLENS_E2E_THEME"] ?? "Dark Modern" },
    }));
    await activity(page, "ConvLens").waitFor(patient);
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const dialog = (): Locator => page.locator(".monaco-dialog-box");
  const answer = async (name: string): Promise<void> => {
    await dialog().getByRole("button", { name, exact: true }).click();
    await dialog().waitFor({ state: "detached" });
  };
  const variable = (name: string): Locator =>
    page.locator(".debug-variables .monaco-list-row").filter({ hasText: name }).first();
  async function asked(): Promise<string> {
    await variable("net").click({ button: "right" });
    const entry = page.locator(".monaco-menu .action-item").filter({ hasText: "Inspect This" });
    await entry.first().waitFor(patient);
    await page.waitForTimeout(150);
    await entry.first().click();
    await dialog().waitFor(patient);
    return (await dialog().innerText()).replaceAll("\u00a0", " ");
  }

  it("is asked for in the menu of a variable, and nothing is evaluated where that is dismissed", async () => {
    await palette(page, "Debug: Start Debugging");
    const locals = variable("Locals");
    await locals.waitFor(patient);
    if ((await locals.getAttribute("aria-expanded")) === "false") await locals.click();
    await variable("trainer").waitFor(patient);
    await variable("trainer").click();
    await page.keyboard.press("ArrowRight");
    await variable("net").waitFor(patient);
    const words = await asked();
    await shot(page, "22-asked");
    assert.match(words, /Save 'trainer\.net' of the paused program, and inspect it\?/);
    assert.match(words, /\["save"\]\(trainer\.net, "/);
    await answer("Cancel");
    assert.ok(!existsSync(path.join(project, "evaluated.json")));
    assert.deepEqual(copies(), []);
  });

  it("is opened as it is then", async () => {
    await asked();
    await answer("Save and Inspect");
    const frame = await inspector(page);
    await openLens(frame, "Model");
    await frame.getByText("dense1").first().waitFor(patient);
    await shot(page, "22-live");
    if (python === undefined) {
      const told = readFileSync(path.join(project, "evaluated.json"), "utf8");
      assert.equal((JSON.parse(told) as { context: string }).context, "repl");
    }
    await palette(page, "Debug: Stop");
    await closeEditors(page);
  });

  it("is written by two lines of a notebook, with the helper beside it", async () => {
    await activity(page, "Explorer").click();
    await explorerRow(page, "cells.ipynb").dblclick();
    await page.locator(".notebookOverlay .cell").first().waitFor(patient);
    await palette(page, "ConvLens: Copy the Helper for Notebooks…");
    const save = page.locator(".quick-input-widget:visible").getByText(/^(Save|OK)$/);
    await save.first().click(patient);
    const helper = path.join(project, "convlens.py");
    await until("the helper", () => existsSync(helper));
    await shot(page, "22-helper");
    const lines = `import sys; sys.path.insert(0, "."); sys.argv = ["cell"]
import torch, convlens
from train import Digits
convlens.save(Digits(10), "model.pt2")`;
    if (python !== undefined) {
      writeFileSync(path.join(project, "train.py"), PROGRAM.replace("breakpoint()", ""));
      execFileSync(python, ["-c", lines], { cwd: project });
    } else copyFileSync(path.join(project, "paused.pt2"), path.join(project, "model.pt2"));
    await explorerRow(page, "model.pt2").waitFor(patient);
    const frame = await inspect(page, "model.pt2");
    await openLens(frame, "Model");
    await frame.getByText("dense1").first().waitFor(patient);
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Grad-CAM");
    await shot(page, "22-notebook");
  });

  it("leaves nothing once the window has closed", async () => {
    assert.equal(copies().length, 1);
    await page.goto("about:blank");
    await until("the end of the copy", () => copies().length === 0, patient.timeout);
  });
});
