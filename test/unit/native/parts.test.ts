import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { cacheDirectory } from "../../../src/native/cache.ts";
import { runCommand } from "../../../src/native/command.ts";
import { reasonIn } from "../../../src/native/reasons.ts";
import { selfTest } from "../../../src/native/selfTest.ts";
import { unzipTo, zipEntries } from "../../../src/native/zip.ts";
import { Sandbox } from "./sandbox.ts";

describe("native: parts", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(() => sandbox.remove());

  it("the cache folder is the platform's, or the one asked for", () => {
    assert.equal(cacheDirectory({ CONVLENS_CACHE: "/c" }, "linux"), "/c");
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: "/x" }, "linux"), join("/x", "convlens"));
    assert.equal(
      cacheDirectory({ XDG_CACHE_HOME: "" }, "linux"),
      join(homedir(), ".cache", "convlens"),
    );
    assert.equal(cacheDirectory({}, "darwin"), join(homedir(), "Library", "Caches", "convlens"));
    assert.equal(cacheDirectory({ LOCALAPPDATA: "/l" }, "win32"), join("/l", "convlens"));
  });

  it("unzips stored, deflated and empty entries", async () => {
    const text = "kernel ".repeat(5000);
    const archive = zipSync({
      "a/deflated.txt": strToU8(text),
      "stored.txt": [strToU8("as it is"), { level: 0 }],
      empty: new Uint8Array(),
    });
    const path = await sandbox.file("a.zip", archive);
    const read: Record<string, string> = {};
    for (const entry of await zipEntries(path)) {
      const target = join(sandbox.root, "out", entry.name);
      await unzipTo(path, entry, target);
      read[entry.name] = await readFile(target, "utf8");
    }
    assert.deepEqual(read, { "a/deflated.txt": text, "stored.txt": "as it is", empty: "" });
  });

  it("a damaged entry and a file that is no archive are errors", async () => {
    const archive = zipSync({ "stored.txt": [strToU8("as it is"), { level: 0 }] });
    const at = archive.indexOf("s".charCodeAt(0), 30 + "stored.txt".length);
    archive[at] = "X".charCodeAt(0);
    const path = await sandbox.file("a.zip", archive);
    const [entry] = await zipEntries(path);
    assert.ok(entry);
    await assert.rejects(unzipTo(path, entry, join(sandbox.root, "o")), /stored\.txt .*damaged/u);
    const other = await sandbox.file("b.zip", "no archive at all, only words");
    await assert.rejects(zipEntries(other), /is not a zip archive/u);
  });

  it("a command that takes too long or receives nothing is ended", async function () {
    if (process.platform === "win32") this.skip();
    await sandbox.command("slow", "/bin/sleep 60");
    const common = { cwd: sandbox.root, avoid: [], env: sandbox.env, signal: undefined };
    await assert.rejects(
      runCommand("slow", [], { ...common, limitSeconds: 0.2 }),
      /slow took longer than 0\.2 s/u,
    );
    const watch = { size: () => Promise.resolve(7), stallSeconds: 0.1 };
    await assert.rejects(
      runCommand("slow", [], { ...common, limitSeconds: 50, watch }),
      /slow received nothing for 0\.1 s/u,
    );
  });

  it("finds the line that says most, and leaves addresses out", () => {
    const output =
      "npm error code 1\nnpm error Error: read ECONNRESET https://a.b/c\nnpm error log";
    assert.equal(reasonIn(output), "Error: read ECONNRESET (address)");
    assert.equal(reasonIn("one\ntwo\n\n"), "two");
    assert.equal(reasonIn(""), "it said nothing");
  });

  it("a binding that does not load is said, from a process of its own", async () => {
    await sandbox.file("tfjs_binding.node", "no library");
    await assert.rejects(
      selfTest(sandbox.root, process.env, undefined),
      /it does not load here: .*tfjs_binding\.node/u,
    );
  });
});
