import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { inspector, lookAt, openLens } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import {
  closeEditors,
  closeFolder,
  explorerRow,
  openFolder,
  palette,
  pickRow,
  tab,
} from "./support/workbench.ts";
import { painted, webview } from "./support/webview.ts";

const patient = { timeout: 60_000 };
const lens = (page: Page, text: RegExp): Locator =>
  page
    .locator(".codelens-decoration a, .codelens-decoration span")
    .filter({ hasText: text })
    .first();

describe("training code beside what it learned", () => {
  it("says above each line which layer it made", async () => {
    const { page } = await session();
    await closeEditors(page);
    await openFolder(page, "digits");
    await explorerRow(page, "train_digits.py").dblclick();
    await lens(page, /^16 filters \| receptive field 3 px$/).waitFor(patient);
    await lens(page, /digits\.h5|epoch_\d+\.h5/).waitFor(patient);
    await shot(page, "8-code");
  });

  it("shows the filters of a line in its hover", async () => {
    const { page } = await session();
    await page.locator(".view-line").filter({ hasText: 'name="conv1"' }).first().click();
    await palette(page, "Show or Focus Hover");
    const picture = page.locator(".monaco-hover img[src^='data:image/png']").first();
    await picture.waitFor(patient);
    await shot(page, "8-hover");
    await page.keyboard.press("Escape");
  });

  it("opens a lens from the line, and follows the cursor to another layer", async () => {
    const { page } = await session();
    await lens(page, /^Filters$/).click();
    const frame = await inspector(page);
    await painted(frame, "convlens-filters");
    const name = frame.locator("header .layer");
    assert.equal(await name.innerText(), "conv1");
    await page.locator(".view-line").filter({ hasText: 'name="conv1"' }).first().click();
    for (let line = 38; line < 42; line++) await page.keyboard.press("ArrowDown");
    await name.filter({ hasText: "conv3" }).waitFor(patient);
    await shot(page, "8-cursor");
  });

  it("finds the way back from a layer to its line", async () => {
    const { page } = await session();
    await page.locator(".view-line").filter({ hasText: "def load_pictures" }).first().click();
    await palette(page, "ConvLens: Go to the Code of a Layer…");
    await pickRow(page, /^\W*conv2/);
    await page.locator(".statusbar-item").filter({ hasText: "Ln 40," }).first().waitFor(patient);
    // the panel follows a moment later, and would leave the next layer again
    const frame = await inspector(page);
    await frame.locator("header .layer").filter({ hasText: "conv2" }).waitFor(patient);
  });

  it("and so does the panel", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    const place = (line: number): Locator =>
      page
        .locator(".statusbar-item")
        .filter({ hasText: `Ln ${line},` })
        .first();
    await page.locator(".view-line").filter({ hasText: 'name="conv3"' }).first().click();
    await frame.locator("header .layer").filter({ hasText: "conv3" }).waitFor(patient);
    // the panel keeps its layer where the cursor is on none
    await page.locator(".view-line").filter({ hasText: "def build_model" }).first().click();
    await place(34).waitFor(patient);
    await frame.getByRole("button", { name: "Go to the code of this layer" }).click();
    await place(42).waitFor(patient);
  });

  it("is told of a node of the graph that is pointed at", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    await openLens(frame, "Graph");
    const box = await frame.getByRole("tree").boundingBox();
    assert.ok(box);
    const told = frame.locator("convlens-graph .pointer .mono");
    // the nodes stand below each other in the middle
    for (let y = 30; y < box.height && (await told.count()) === 0; y += 20)
      await page.mouse.move(box.x + box.width / 2, box.y + y);
    await told.filter({ hasText: /^train_digits\.py:\d+ / }).waitFor(patient);
    await shot(page, "8-node");
  });

  it("heat maps of all pinned pictures follow the cursor from layer to layer", async () => {
    const { page } = await session();
    const frame = await inspector(page);
    await openFolder(page, "pictures");
    const digits = ["digit_00_label6.png", "digit_01_label5.png", "digit_03_label0.png"];
    for (const [at, digit] of digits.entries()) {
      await lookAt(page, digit);
      await frame.locator("convlens-thumbnail").nth(at).waitFor(patient);
    }
    await openLens(frame, "Grad-CAM");
    // beside code there is room for two rows of controls
    await frame.getByRole("button", { name: "More controls" }).click();
    await frame.getByRole("button", { name: "All pictures at once" }).click();
    const maps = frame.locator("convlens-cam-gallery li canvas");
    await maps.nth(2).waitFor(patient);
    await page.locator(".view-line").filter({ hasText: 'name="conv1"' }).first().click();
    const title = frame.locator("convlens-cam-gallery strong");
    await title.filter({ hasText: "conv1" }).waitFor(patient);
    for (let line = 38; line < 40; line++) await page.keyboard.press("ArrowDown");
    await title.filter({ hasText: "conv2" }).waitFor(patient);
    await maps.nth(2).waitFor(patient);
    await shot(page, "8-gallery");
    assert.deepEqual(await seriousFindings(frame), []);
    await frame
      .locator("convlens-cam-gallery")
      .getByRole("button", { name: /digit_01_label5\.png/ })
      .click();
    const picture = frame.locator("convlens-cam-card canvas").first();
    await picture.waitFor(patient);
    await picture.focus();
    await page.keyboard.press("Enter");
    await frame.getByText(/at least half of that in x/).waitFor(patient);
    await shot(page, "8-text");
    assert.deepEqual(await seriousFindings(frame), []);
    await closeFolder(page, "pictures");
  });

  it("a script that does not parse is no trouble", async () => {
    const { page, workspace } = await session();
    writeFileSync(
      path.join(workspace, "digits", "broken.py"),
      "from keras import layers\na = layers.Conv2D(8, 3)\ndef broken(:\n",
    );
    await explorerRow(page, "broken.py").dblclick();
    await lens(page, /Link to a model/).waitFor(patient);
  });
});

describe("problems of training code", () => {
  it("are told where the settings ask for them, and mended by a quick fix", async () => {
    const { page, workspace } = await session();
    await closeEditors(page);
    const script = path.join(workspace, "digits", "wrong.py");
    const code = readFileSync(path.join(workspace, "digits", "train_digits.py"), "utf8");
    const wrong = code
      .replace(
        'loss="sparse_categorical_crossentropy"',
        "loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
      )
      .replace("images[..., None] / 16.0, (32, 32)", "images[..., None] / 16.0, (28, 28)");
    writeFileSync(script, wrong);
    await explorerRow(page, "wrong.py").dblclick();
    await lens(page, /^16 filters/).waitFor(patient);
    assert.equal(await page.locator(".squiggly-warning").count(), 0);
    mkdirSync(path.join(workspace, ".vscode"), { recursive: true });
    writeFileSync(
      path.join(workspace, ".vscode", "settings.json"),
      JSON.stringify({ "convlens.code.diagnostics": true }),
    );
    await page.locator(".squiggly-warning").first().waitFor(patient);
    await palette(page, "Problems: Focus on Problems View");
    const problems = page.locator(".markers-panel-container .monaco-list-row");
    await problems.filter({ hasText: "softmax is applied twice" }).first().waitFor(patient);
    await problems.filter({ hasText: "Pictures are resized to 28" }).first().waitFor(patient);
    await shot(page, "8-problems");
    await problems.filter({ hasText: "softmax is applied twice" }).first().dblclick();
    await palette(page, "Quick Fix...");
    await page
      .locator(".action-widget .monaco-list-row")
      .filter({ hasText: "from_logits=False" })
      .first()
      .click(patient);
    await problems
      .filter({ hasText: "softmax is applied twice" })
      .first()
      .waitFor({ ...patient, state: "detached" });
    await palette(page, "View: Hide Panel");
  });
});

describe("dead filters of training code", () => {
  it("are told above the line, and marked where the settings ask for it, once they were counted", async () => {
    const { page, workspace } = await session();
    await closeEditors(page);
    mkdirSync(path.join(workspace, ".vscode"), { recursive: true });
    writeFileSync(
      path.join(workspace, ".vscode", "settings.json"),
      JSON.stringify({ "convlens.code.markDeadFilters": true }),
    );
    await explorerRow(page, "train_digits.py").dblclick();
    await lens(page, /^16 filters/).waitFor(patient);
    // the lenses are drawn anew when the settings have changed: a click in that moment is lost
    for (let tries = 0; tries < 5; tries++) {
      await lens(page, /^Filters$/).click();
      const opened = tab(page, "digits.h5").waitFor({ timeout: 8000 });
      if (
        await opened.then(
          () => true,
          () => false,
        )
      )
        break;
    }
    const frame = await inspector(page);
    await openLens(frame, "Model");
    await frame.getByRole("button", { name: /Count dead filters/ }).click();
    await page.getByRole("button", { name: "Count over This Folder" }).click();
    await frame.getByText(/Over N = \d+ pictures/).waitFor(patient);
    await lens(page, /^16 filters \| \d+ dead over N = \d+ \|/).waitFor(patient);
    // a mark is a border, and a text that only its style holds
    const marks = page.locator(".view-lines [class*='ced-']");
    await marks.first().waitFor({ ...patient, state: "attached" });
    await shot(page, "8-dead");
  });

  it("are counted by the command, with no inspector open", async () => {
    const { page } = await session();
    await closeEditors(page);
    await palette(page, "ConvLens: Count Dead Filters…");
    await pickRow(page, /digits\.h5/);
    await page.getByRole("button", { name: "Count over This Folder" }).click();
    const frame = await inspector(page);
    await frame.getByText(/Over N = \d+ pictures/).waitFor(patient);
    // and where one is open, in that
    await openLens(frame, "Filters");
    await palette(page, "ConvLens: Count Dead Filters…");
    await page.getByRole("button", { name: "Count over This Folder" }).click();
    await frame.getByRole("tab", { name: "Model", exact: true, selected: true }).waitFor(patient);
    await frame.getByText(/Over N = \d+ pictures/).waitFor(patient);
  });
});

describe("a training, followed through its checkpoints", () => {
  it("shows curves over the epochs, and any epoch through every lens", async () => {
    const { page, workspace } = await session();
    await closeEditors(page);
    await palette(page, "ConvLens: Follow Training with ConvLens…");
    await pickRow(page, /epoch_#\.h5/);
    const frame = await webview(page, "convlens-timeline");
    await openFolder(page, "digits");
    await openFolder(page, "pictures");
    await lookAt(page, "digit_00_label6.png");
    await openLens(frame, "Training");
    const step = frame.locator("convlens-timeline output");
    assert.match(await step.innerText(), /^step 12/);
    await frame.locator("convlens-chart canvas").nth(2).waitFor(patient);
    await frame.getByRole("button", { name: "Choose a folder…" }).click();
    const classes = path.join(workspace, "digits", "classes");
    for (const name of ["00_label6", "01_label5", "03_label0"]) {
      mkdirSync(path.join(classes, String(name.at(-1))), { recursive: true });
      const picture = path.join(workspace, "digits", "pictures", `digit_${name}.png`);
      copyFileSync(picture, path.join(classes, String(name.at(-1)), `${name}.png`));
    }
    const box = page.locator(".quick-input-widget input[type=text]:visible");
    const first = page.locator(".quick-input-list .monaco-list-row").getByText(/^6$/);
    // the dialog writes a folder of its own there when it is ready, and lists what is in the one that is typed
    await until("the folder in the dialog", async () => {
      if ((await box.inputValue()) !== `${classes}/`) await box.fill(`${classes}/`);
      return first.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
    await page.getByRole("button", { name: "Take This Folder" }).click();
    await frame.getByText("over 3 pictures of classes, folders by the numbers").waitFor(patient);
    await frame.locator("convlens-chart canvas").nth(4).waitFor(patient);
    await shot(page, "8-training");
    assert.deepEqual(await seriousFindings(frame), []);
    rmSync(classes, { recursive: true });
    await frame.getByRole("slider", { name: "Checkpoint" }).fill("0");
    await step.filter({ hasText: /^step 0 / }).waitFor(patient);
    await openLens(frame, "Filters");
    await shot(page, "8-epoch-0");
  });

  after(async () => {
    const { workspace } = await session();
    rmSync(path.join(workspace, "digits", "checkpoints", "epoch_13.h5"), { force: true });
  });

  it("goes to a new checkpoint as soon as it is whole", async () => {
    const { page, workspace } = await session();
    const frame = await webview(page, "convlens-timeline");
    await frame.getByRole("checkbox", { name: "Follow" }).check();
    const folder = path.join(workspace, "digits", "checkpoints");
    copyFileSync(path.join(folder, "epoch_12.h5"), path.join(folder, "epoch_13.h5"));
    await frame
      .locator("convlens-timeline output")
      .filter({ hasText: /^step 13 / })
      .waitFor(patient);
    await shot(page, "8-followed");
  });
});
