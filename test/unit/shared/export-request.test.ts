import assert from "node:assert/strict";
import {
  argumentsIn,
  commandText,
  exportCommand,
  isEntry,
  isShape,
} from "../../../src/shared/export-request.ts";

describe("the run of a checkpoint", () => {
  it("is a command whose words a shell would take apart in the same way", () => {
    const words = exportCommand("/ext/convlens.py", {
      ...{ python: "/usr/bin/python3", script: "/my work/model.py", entry: "Net" },
      ...{ given: ["name=it's $(x)"], defaults: ["lr=0.1"], inputs: ["1x3x8x8"], limitSeconds: 1 },
      library: "torch",
    });
    assert.equal(
      commandText(words),
      `/usr/bin/python3 -u /ext/convlens.py --entry '/my work/model.py:Net' --input 1x3x8x8 --argument 'name=it'\\''s $(x)' --default lr=0.1`,
    );
  });

  it("takes arguments as in a call", () => {
    assert.deepEqual(argumentsIn("a=1, b = (1, 2), c='x, y', d=[{'k': 1}]"), [
      "a=1",
      "b=(1, 2)",
      "c='x, y'",
      "d=[{'k': 1}]",
    ]);
    assert.deepEqual(argumentsIn("  "), []);
    assert.equal(argumentsIn("10, b=1"), null);
  });

  it("takes names and shapes, and nothing else", () => {
    for (const entry of ["Net", "nets.Größe", "_a1"]) assert.ok(isEntry(entry), entry);
    for (const odd of ["", "1a", "a-b", "a.", "--x", "a b"]) assert.ok(!isEntry(odd), odd);
    for (const shape of ["1x3x224x224", "1x16:int64"]) assert.ok(isShape(shape), shape);
    for (const odd of ["3", "0x3", "1x-3", "1x3 x4", "1,3"]) assert.ok(!isShape(odd), odd);
  });
});
