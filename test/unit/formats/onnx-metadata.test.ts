import assert from "node:assert/strict";
import { factsOf } from "../../../src/formats/onnx/metadata.ts";

const facts = (names: string, task = "detect") => factsOf(new Map(Object.entries({ names, task })));

describe("what an ONNX file's metadata tells", () => {
  it("names of classes, as Python writes them", () => {
    assert.deepEqual(facts(`{0: 'person', 1: "driver's seat", 2: 'it\\'s'}`), {
      task: "detect",
      labels: ["person", "driver's seat", "it's"],
    });
  });
  it("nothing by names with a gap, other texts, or none", () => {
    for (const names of ["{1: 'a', 2: 'b'}", "person", "{}", "['a', 'b']", "{0: ", "{".repeat(2e6)])
      assert.deepEqual(facts(names), { task: "detect" });
    assert.deepEqual(factsOf(new Map([["task", "x".repeat(100)]])), {});
  });
});
