import assert from "node:assert/strict";
import path from "node:path";
import { modelOfScript } from "../../../src/host/code/candidates.ts";
import { lensTitle, linkText } from "../../../src/host/code/words.ts";
import type { CodeLink } from "../../../src/shared/contract/code.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";

const root = path.resolve("/work space/run");
const file = (name: string, minutes = 0): { path: string; modified: number } => ({
  path: path.join(root, name),
  modified: minutes * 60_000,
});
const save = (pattern: string, line = 1): { pattern: string; line: number } => ({ pattern, line });
const chosen = (
  saves: readonly string[],
  files: readonly ReturnType<typeof file>[],
): string | null => {
  const found = modelOfScript(
    saves.map((pattern) => save(pattern)),
    [root],
    files,
  );
  return found && path.relative(root, found).replaceAll(path.sep, "/");
};

describe("the model of a script", () => {
  it("is what it writes, from the script's folder", () => {
    const files = [file("other.h5", 9), file("out/net.keras")];
    assert.equal(chosen(["./out/net.keras"], files), "out/net.keras");
    assert.equal(chosen(["net.keras"], files), null);
  });

  it("is the newest of its checkpoints while it trains", () => {
    const files = [file("digits.h5", 0), file("c/epoch_01.h5", 5), file("c/epoch_02.h5", 7)];
    assert.equal(chosen(["c/epoch_*.h5", "digits.h5"], files), "c/epoch_02.h5");
  });

  it("is the one it names in full, of files as old as each other", () => {
    const files = [file("digits.h5"), file("c/epoch_01.h5"), file("c/epoch_02.h5")];
    assert.equal(chosen(["c/epoch_*.h5", "digits.h5"], files), "digits.h5");
  });

  it("keeps the code's own names, of files as old as each other", () => {
    const files = [file("net.onnx"), file("net.pt2"), file("old.pt2", -9)];
    assert.equal(chosen(["net.pt2", "net.onnx"], files), "net.pt2");
    assert.equal(chosen(["old.pt2", "net.onnx"], files), "net.onnx");
  });

  it("a star does not cross folders, and other signs are no pattern", () => {
    assert.equal(chosen(["c/*.h5"], [file("c/deep/a.h5")]), null);
    assert.equal(chosen(["a+b (1).h5"], [file("a+b (1).h5")]), "a+b (1).h5");
  });
});

const layer = {
  name: "conv1",
  op: "conv",
  mapShape: [null, 32, 32, 32],
  receptiveField: { size: [11, 11], stride: [1, 1], start: [0, 0] },
  spatial: true,
} as unknown as LayerSummary;
const link = { layer: "conv1", script: { filters: 32 }, reason: "name", doubt: null } as CodeLink;

describe("words above a line of training code", () => {
  it("filters, dead ones where they were counted, and the receptive field", () => {
    assert.equal(
      lensTitle(link, layer, { dead: 3, images: 20 }),
      "32 filters | 3 dead over N = 20 | receptive field 11 px",
    );
    assert.equal(lensTitle(link, layer, null), "32 filters | receptive field 11 px");
    assert.equal(
      lensTitle(link, { ...layer, op: "dense", spatial: false, mapShape: [null, 10] }, null),
      "10 units",
    );
  });

  it("a doubtful link is shown as one, with what speaks against it", () => {
    const doubtful: CodeLink = { ...link, doubt: "the code says 48, the file has 32" };
    assert.match(lensTitle(doubtful, layer, null), /^≈ /);
    assert.match(lensTitle({ ...link, reason: "guess" }, layer, null), /^≈ /);
    assert.match(linkText(doubtful), /but the code says 48, the file has 32\.$/);
  });
});
