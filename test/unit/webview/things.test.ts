import assert from "node:assert/strict";
import type { Answer } from "../../../src/shared/contract/outputs.ts";
import { thingsOf } from "../../../webview/components/answer/things.ts";

const targets = (answer: Answer): (string | null)[] => thingsOf(answer).map(({ target }) => target);
const sequence = (count: number): Answer => ({
  ...{ kind: "sequence", symbols: [{ index: 2, label: "b" }], blank: 0, text: "b" },
  steps: Array.from({ length: count }, (_, i) => ({
    ...{ index: i % 3, label: null, score: 0.5 },
  })),
});

describe("what an output says, one by one", () => {
  it("each step of a sequence is a target, with its symbol", () => {
    const [whole, ...steps] = thingsOf(sequence(4));
    assert.deepEqual([whole?.text, whole?.target], ["sequence: b", null]);
    assert.deepEqual(
      steps.map(({ text, target, classes }) => [text, target, classes]),
      [
        ["step 0: class 0", "token:0", [0]],
        ["step 1: class 1", "token:1", [1]],
        ["step 2: class 2", "token:2", [2]],
        ["step 3: class 0", "token:3", [0]],
      ],
    );
  });
  it("of many steps those that say something", () => {
    assert.deepEqual(
      targets(sequence(60)).slice(1),
      Array.from({ length: 60 }, (_, i) => i).flatMap((i) => (i % 3 === 0 ? [] : `token:${i}`)),
    );
  });
  it("each of the first numbers of an embedding is a target", () => {
    const answer: Answer = { kind: "embedding", size: 64, norm: 2, first: [0.5, -1] };
    assert.deepEqual(targets(answer), [null, "unit:0", "unit:1"]);
  });
});
