import "../../support/vscode-module.ts";
import assert from "node:assert/strict";
import type { Memento } from "vscode";
import { answers, asked, TabInputWebview } from "../../support/vscode.ts";

const { FirstStart } = await import("../../../src/host/welcome.ts");

/** What VS Code keeps for an extension. */
function memory(): Memento {
  const kept = new Map<string, unknown>();
  const update = (key: string, value: unknown): Promise<void> =>
    Promise.resolve(void kept.set(key, value));
  return { get: (key: string) => kept.get(key), keys: () => [...kept.keys()], update };
}

describe("the first start", () => {
  beforeEach(() => {
    asked.commands = [];
    [answers.tabs, answers.settings] = [[], {}];
  });
  const opened = (): number => asked.commands.length;

  it("opens the walkthrough once for all", async () => {
    const state = memory();
    await new FirstStart(state).welcome(0);
    assert.deepEqual(asked.commands, [["convlens.openWalkthrough"]]);
    await new FirstStart(state).welcome(0);
    assert.equal(opened(), 1);
  });

  it("opens nothing in front of what was asked for meanwhile", async () => {
    const start = new FirstStart(memory());
    const welcomed = start.welcome(10);
    start.begins();
    await welcomed;
    assert.equal(opened(), 0);
  });

  it("opens nothing in front of a model that is open", async () => {
    answers.tabs = [{ input: new TabInputWebview("mainThreadWebview-convlens.inspector") }];
    await new FirstStart(memory()).welcome(0);
    assert.equal(opened(), 0);
  });

  for (const settings of [
    { "workbench.welcomePage.walkthroughs.openOnInstall": false },
    { "workbench.startupEditor": "none" },
  ])
    it(`opens nothing where a person wants none: ${JSON.stringify(settings)}`, async () => {
      answers.settings = settings;
      await new FirstStart(memory()).welcome(0);
      assert.equal(opened(), 0);
    });
});
