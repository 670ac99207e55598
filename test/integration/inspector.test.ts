import assert from "node:assert/strict";
import { commands, TabInputCustom, TabInputWebview } from "vscode";
import { closeAll, convlens, sample, tabOf } from "./support/extension.ts";

describe("the inspector", () => {
  afterEach(closeAll);

  it("opens as a panel, once per model", async () => {
    const { panels } = await convlens().activate();
    const model = sample("digits", "digits.h5");
    await commands.executeCommand("convlens.inspect", model);
    await commands.executeCommand("convlens.inspect", model);
    await tabOf(({ input, label }) => input instanceof TabInputWebview && label === "digits.h5");
    assert.equal(panels.all(model.fsPath).length, 1);
  });

  it("opens as a read-only custom editor where it is asked for", async () => {
    const model = sample("efficientnet-lite0.h5");
    await commands.executeCommand("vscode.openWith", model, "convlens.model");
    const { input } = await tabOf((tab) => tab.input instanceof TabInputCustom);
    assert.ok(input instanceof TabInputCustom);
    assert.equal(input.viewType, "convlens.model");
  });

  it("lets a model go with its last panel", async () => {
    const { panels } = await convlens().activate();
    const model = sample("digits", "digits.h5");
    await commands.executeCommand("convlens.inspect", model);
    await closeAll();
    assert.deepEqual(panels.all(), []);
  });
});
