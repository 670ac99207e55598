import assert from "node:assert/strict";
import path from "node:path";
import { saveExpression, savedFile } from "../../../src/host/checkpoint/live.ts";

const folder = path.resolve("/tmp/private");

describe("a variable of a paused program", () => {
  it("is saved by one expression, in which no name can end a text", () => {
    const expression = saveExpression('/ext"ü/convlens.py', "self.model", "/tmp/private");
    assert.match(expression, /run_path\("\/ext\\"\\u00fc\/convlens\.py", run_name="convlens"\)/);
    assert.match(expression, /\["save"\]\(self\.model, "/);
  });

  it("is what came back, where it lies in the private folder", () => {
    const own = path.join(folder, "model.pt2");
    assert.equal(savedFile(`'${own}'`, folder), own);
    assert.equal(savedFile(`"${own}"`, folder), own);
    // what lies elsewhere is looked for by its name in the folder alone
    assert.equal(savedFile("'/etc/passwd'", folder), path.join(folder, "passwd"));
    for (const odd of ["", "None", "''", "'..'", "3"])
      assert.throws(() => savedFile(odd, folder), { kind: "input" }, odd);
  });
});
