import assert from "node:assert/strict";
import { badFiles } from "./support/bad-files.ts";
import { inspectBad, inspector, openLens } from "./support/inspector.ts";
import { killCompute } from "../support/processes.ts";
import { session, shot } from "./support/session.ts";
import { closeEditors } from "./support/workbench.ts";
import { webview } from "./support/webview.ts";

describe("when something goes wrong", () => {
  it("goes on after the compute process was killed", async () => {
    const { page, workbench } = await session();
    const frame = await inspector(page);
    assert.equal(killCompute(workbench.pid), 1, "one compute process was running");
    await openLens(frame, "Activations");
    await openLens(frame, "Filters");
    await openLens(frame, "Grad-CAM");
  });

  for (const name of Object.keys(badFiles))
    it(`says in one sentence what is wrong with ${name}`, async () => {
      const { page } = await session();
      await closeEditors(page);
      await inspectBad(page, name);
      const frame = await webview(page, '[role="alert"]');
      const sentence = await frame.locator('[role="alert"]').first().innerText();
      assert.ok(sentence.includes(name), sentence);
      assert.doesNotMatch(sentence, /\bat .*:\d+|undefined|\[object/);
      await shot(page, `6-${name}`);
    });
});
