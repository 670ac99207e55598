import assert from "node:assert/strict";
import { closeAll, convlens, sample } from "./support/extension.ts";
import { openAndClose, settled } from "./support/upkeep.ts";

const CYCLES = 12;

describe("panels that were opened and closed", () => {
  afterEach(closeAll);

  it("leave no listener, handle, open model, program or tensor", async () => {
    const api = await convlens().activate();
    const model = sample("digits", "digits.h5").fsPath;
    const image = sample("digits", "pictures", "digit_00_label6.png").fsPath;
    // the first one starts the compute process and its engine
    await openAndClose(api, model, image, true);
    const before = await settled(api);
    for (let cycle = 0; cycle < CYCLES; cycle++)
      await openAndClose(api, model, image, cycle % 3 === 0);
    const after = await settled(api);
    // memory that is resident is the system's matter
    const { residentBytes } = before.compute;
    assert.deepEqual({ ...after.compute, residentBytes }, before.compute);
    assert.deepEqual([after.panels, after.listeners], [0, before.listeners]);
    assert.deepEqual(after.hostHandles, before.hostHandles);
  }).timeout(180_000);
});
