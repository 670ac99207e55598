import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../support/until.ts";
import { closeAll, convlens, sample } from "./support/extension.ts";
import { openAndClose, upkeepOf } from "./support/upkeep.ts";

const CYCLES = 12;

describe("panels that were opened and closed", () => {
  afterEach(closeAll);

  it("leave no listener, handle, open model, program or tensor", async () => {
    const api = await convlens().activate();
    const model = sample("digits", "digits.h5").fsPath;
    const image = sample("digits", "pictures", "digit_00_label6.png").fsPath;
    // the first one starts the compute process and its engine
    await openAndClose(api, model, image, true);
    const settled = async (): ReturnType<typeof upkeepOf> => {
      await until("the model to be let go", async () => (await upkeepOf(api)).compute.models === 0);
      // what an earlier test ended, a process with its pipes, may still be closing
      let last = "";
      await until("handles to stay as they are", async () => {
        await sleep(1000);
        const now = JSON.stringify((await upkeepOf(api)).hostHandles);
        const stays = now === last;
        last = now;
        return stays;
      });
      return upkeepOf(api);
    };
    const before = await settled();
    for (let cycle = 0; cycle < CYCLES; cycle++)
      await openAndClose(api, model, image, cycle % 3 === 0);
    const after = await settled();
    // memory that is resident is the system's matter
    const { residentBytes } = before.compute;
    assert.deepEqual({ ...after.compute, residentBytes }, before.compute);
    assert.deepEqual([after.panels, after.listeners], [0, before.listeners]);
    assert.deepEqual(after.hostHandles, before.hostHandles);
  }).timeout(180_000);
});
