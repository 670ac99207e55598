import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { forkChild } from "../../../src/host/compute/child.ts";
import { scratchPrefix } from "../../../src/shared/scratch.ts";
import { until } from "../../support/until.ts";

/** Makes a folder with a file in it, tells where, and stays. */
const MODULE = `
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
const folder = mkdtempSync(path.join(tmpdir(), "PREFIX" + process.pid + "-"));
writeFileSync(path.join(folder, "saved_model.pb"), "x");
process.send({ folder, pid: process.pid });
setInterval(() => undefined, 1000);
`;

describe("a process that is ended without a word", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-child-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("leaves no temporary folder, and takes no other's away", async () => {
    assert.equal(scratchPrefix(12), "convlens-12-");
    const module = path.join(folder, "child.mjs");
    writeFileSync(module, MODULE.replace("PREFIX", "convlens-"));
    const child = forkChild(module, () => undefined);
    const told = await new Promise<{ folder: string; pid: number }>((resolve) => {
      child.onMessage((message) => resolve(message as { folder: string; pid: number }));
    });
    const others = mkdtempSync(path.join(tmpdir(), scratchPrefix(told.pid * 10)));
    assert.ok(existsSync(told.folder));
    const ended = new Promise<string>((resolve) => void child.onClose(resolve));
    process.kill(told.pid, "SIGKILL");
    assert.match(await ended, /SIGKILL|code/);
    await until("the folder to go", () => !existsSync(told.folder));
    assert.ok(existsSync(others));
    rmSync(others, { recursive: true });
  });
});
