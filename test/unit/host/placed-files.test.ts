/** What the extension host reads of a workspace by itself: nothing that never ends, and nothing that lies elsewhere. */
import "../../support/vscode-module.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const { sidecarModel } = await import("../../../src/host/code/sidecars.ts");
const { scriptsNear } = await import("../../../src/host/checkpoint/scripts.ts");
const { answers, Uri } = await import("../../support/vscode.ts");

describe("files that somebody placed in a workspace", function () {
  this.timeout(20_000);
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-placed-")));
  const at = (name: string): string => path.join(root, "workspace", name);
  /** A file of each kind, by how its name ends. */
  const place = (ending: string, content: string): string[] => {
    const names = ["good", "pipe", "device", "away", "folder", "large"];
    const [good = "", pipe = "", device = "", away = "", folder = "", large = ""] = names.map(
      (name) => at(name + ending),
    );
    writeFileSync(good, content);
    execFileSync("mkfifo", [pipe]);
    symlinkSync("/dev/zero", device);
    writeFileSync(path.join(root, `secret${ending}`), content);
    symlinkSync(path.join(root, `secret${ending}`), away);
    mkdirSync(folder);
    writeFileSync(large, content + " ".repeat(2 << 20));
    return [pipe, device, away, folder, large, good];
  };
  before(function () {
    if (process.platform === "win32") this.skip();
    mkdirSync(at(""), { recursive: true });
    answers.folders = [at("").slice(0, -1)];
  });
  after(() => {
    answers.found = [];
    answers.folders = [];
    rmSync(root, { recursive: true });
  });

  it("scripts that may have made a checkpoint", async () => {
    answers.found = place(".py", "import torch\n");
    assert.deepEqual(await scriptsNear(at("net.pt")), [
      { file: at("good.py"), code: "import torch\n" },
    ]);
  });

  it("sidecars that name their training script", async () => {
    answers.found = place(".h5.convlens.json", '{ "trainingScript": "train.py" }');
    const script = Uri.file(at("train.py")) as unknown as Parameters<typeof sidecarModel>[0];
    assert.equal(await sidecarModel(script), at("good.h5"));
  });
});
