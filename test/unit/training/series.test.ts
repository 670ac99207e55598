import assert from "node:assert/strict";
import { relativeDistance } from "../../../src/methods/training/index.ts";
import {
  checkpointsAmong,
  isSameTraining,
  seriesOf,
  templateOf,
} from "../../../src/shared/series.ts";

const steps = (name: string, ...others: string[]): string[] =>
  seriesOf(name, [name, ...others]).map(({ name: each, step }) => `${step} ${each}`);

describe("checkpoints of one training", () => {
  it("differ in a number, and go by it, not by their names", () => {
    assert.deepEqual(
      steps("epoch_9.h5", "epoch_10.h5", "epoch_0.h5", "final.h5", "epoch_9.keras"),
      ["0 epoch_0.h5", "9 epoch_9.h5", "10 epoch_10.h5"],
    );
  });

  it("the number of a kind of file is none of theirs", () => {
    assert.equal(templateOf("epoch_03.h5"), "epoch_#.h5");
    assert.deepEqual(steps("net.h5", "net.h4"), []);
    assert.deepEqual(steps("ckpt.1", "ckpt.2"), ["1 ckpt.1", "2 ckpt.2"]);
  });

  it("of several numbers the whole one that is always another counts", () => {
    assert.deepEqual(
      steps("v2-epoch03-loss0.51.pt", "v2-epoch04-loss0.40.pt", "v2-epoch05-loss0.44.pt"),
      ["3 v2-epoch03-loss0.51.pt", "4 v2-epoch04-loss0.40.pt", "5 v2-epoch05-loss0.44.pt"],
    );
  });

  it("are found among all files, folder by folder", () => {
    const run = ["/run/epoch_01.h5", "/run/epoch_02.h5"];
    assert.deepEqual(
      checkpointsAmong([...run, "/run/v2.h5", "/other/epoch_03.h5", "/net.h5"]),
      run,
    );
  });

  it("belong together by folder and name", () => {
    assert.ok(isSameTraining("/run/epoch_01.h5", "/run/epoch_12.h5"));
    assert.ok(isSameTraining("C:\\run\\net.h5", "C:\\run\\net.h5"));
    assert.ok(!isSameTraining("/run/epoch_01.h5", "/other/epoch_12.h5"));
    assert.ok(!isSameTraining("/run/a.h5", "/run/b.h5"));
    assert.ok(!isSameTraining("/run/epoch_01.h5", "/run/epoch_12.keras"));
  });

  it("one alone, or without a number, is no series", () => {
    assert.deepEqual(steps("epoch_1.h5", "model.h5"), []);
    assert.deepEqual(steps("model.h5", "other.h5"), []);
    assert.deepEqual(steps("a1b2.h5", "a2b1.h5"), ["1 a1b2.h5", "2 a2b1.h5"]);
  });

  it("the change of weights is relative to what they were", () => {
    assert.equal(relativeDistance(Float32Array.of(3, 4), Float32Array.of(3, 4)), 0);
    assert.equal(relativeDistance(Float32Array.of(0, 0), Float32Array.of(3, 4)), 1);
    assert.equal(relativeDistance(Float32Array.of(6, 8), Float32Array.of(3, 4)), 1);
  });
});
