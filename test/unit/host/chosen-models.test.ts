import assert from "node:assert/strict";
import { ChosenModels, restoredIntent } from "../../../src/host/panels/chosen-models.ts";
import { firstIntent } from "../../../src/host/panels/intent.ts";

describe("the models that a page may name", () => {
  it("are those that a person chose, and checkpoints of the training", () => {
    const told = new Set(["/ws/epoch_02.keras"]);
    const chosen = new ChosenModels((file) => told.has(file));
    chosen.allow("/ws/other.keras");
    chosen.allow(null);
    assert.equal(chosen.permitted("/ws/other.keras"), "/ws/other.keras");
    assert.equal(chosen.permitted("/ws/epoch_02.keras"), "/ws/epoch_02.keras");
    assert.equal(chosen.permitted("/home/me/secret.keras"), null);
    assert.equal(chosen.permitted(null), null);
    // a checkpoint that is written again is none for a moment, and stays what is compared with
    told.clear();
    assert.equal(chosen.permitted("/ws/epoch_02.keras"), "/ws/epoch_02.keras");
    assert.equal(chosen.permitted("/ws/epoch_03.keras"), null);
  });

  it("after a reload are those of before: its own state alone opens nothing", () => {
    const known = { ...firstIntent("/ws/a.keras"), other: "/ws/b.keras" };
    const kept = { ...known, layer: "conv1" };
    assert.deepEqual(restoredIntent(kept, known), kept);
    assert.equal(restoredIntent({ ...kept, other: "/etc/x" }, known)?.other, null);
    assert.equal(restoredIntent(firstIntent("/etc/model.h5"), null), null);
    assert.equal(restoredIntent(firstIntent("/etc/model.h5"), known), null);
    assert.equal(restoredIntent(null, known), null);
  });
});
