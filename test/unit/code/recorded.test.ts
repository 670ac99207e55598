import assert from "node:assert/strict";
import { fitOf, recordedIn } from "../../../src/code/recorded.ts";
import { OpenModel } from "../../../src/session/index.ts";

const recorded = [{ file: "/home/someone/net.py", lines: [4, 5] }];
const code = "import torch\n\ndef forward(x):\n    x = relu(x)\n    return pool(x)\n";

describe("lines that an exporter recorded", () => {
  it("are those of the script of this name, where they call something", () => {
    assert.equal(fitOf(recorded, code, "/elsewhere/net.py"), 2);
    assert.equal(fitOf(recorded, code, "C:\\elsewhere\\net.py"), 2);
    assert.equal(fitOf(recorded, code, "/elsewhere/other.py"), 0);
    assert.ok(fitOf(recorded, code, "/home/someone/net.py") > 2);
  });

  it("do not fit a script that has become another one", () => {
    assert.equal(fitOf(recorded, "import torch\n\n\n# gone (away)\n", "/elsewhere/net.py"), 0);
    assert.equal(fitOf(recorded, "a\nb\nc\ndef f(x):\nclass A(B):\n", "/elsewhere/net.py"), 0);
  });

  it("stand in files of torch.export and of the ONNX exporter", async () => {
    for (const file of [
      "test/models/torch/small.pt2",
      "test/models/onnx/small_torch_dynamo.onnx",
    ]) {
      const model = await OpenModel.open(file);
      const found = recordedIn(model.summary.layers);
      model.close();
      assert.deepEqual(
        found.map(({ file: path }) => path.split("/").at(-1)),
        ["small_torch.py"],
        file,
      );
      assert.ok(found[0]?.lines.includes(13));
    }
  });
});
