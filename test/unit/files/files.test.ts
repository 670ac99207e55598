import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConvLensError } from "../../../src/base/errors.ts";
import { readBounded } from "../../../src/files/read-bounded.ts";
import { clearUnfinished, unfinishedName } from "../../../src/files/unfinished.ts";
import { writeWhole } from "../../../src/files/write-whole.ts";

/** The number of a process that is no more. */
const endedProcess = (): number => spawnSync(process.execPath, ["--version"]).pid;

describe("files that somebody else may have placed", () => {
  let root: string;
  const at = (...names: string[]): string => path.join(root, ...names);
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-files-")));
    mkdirSync(at("ws"));
    writeFileSync(at("secret.txt"), "top secret");
    writeFileSync(at("ws", "a.txt"), "a");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const read = (file: string, within?: string, most = 100): Promise<string> =>
    readBounded(file, { what: "The file", most, ...(within !== undefined && { within }) }).then(
      String,
    );
  const refused = (reading: Promise<unknown>, why: RegExp): Promise<void> =>
    assert.rejects(reading, (error) => {
      assert.ok(error instanceof ConvLensError && error.kind === "input");
      assert.match(error.message, why);
      return true;
    });

  it("are read where they are regular and small enough", async () => {
    assert.equal(await read(at("ws", "a.txt"), at("ws")), "a");
    await refused(read(at("ws", "a.txt"), undefined, 0), /larger than 0 KiB/);
    await refused(read(at("ws")), /it is a folder/);
    await refused(read(at("none")), /there is no such file/);
  });

  it("a pipe and a device end nothing and take nothing", async function () {
    if (process.platform === "win32") this.skip();
    execFileSync("mkfifo", [at("ws", "fifo")]);
    await refused(read(at("ws", "fifo")), /no regular file/);
    await refused(read("/dev/zero"), /no regular file/);
  });

  it("named by a sidecar they lie in the model's folder, by their real path", async function () {
    await refused(read(at("ws", "..", "secret.txt"), at("ws")), /outside of/);
    await refused(read(at("secret.txt"), at("ws")), /outside of/);
    if (process.platform === "win32") this.skip();
    symlinkSync(at("secret.txt"), at("ws", "link"));
    await refused(read(at("ws", "link"), at("ws")), /outside of/);
    symlinkSync(root, at("ws", "up"));
    await refused(read(at("ws", "up", "secret.txt"), at("ws")), /outside of/);
    symlinkSync(at("ws"), at("also"));
    assert.equal(await read(at("also", "a.txt"), at("also")), "a");
    mkdirSync(at("ws2"));
    writeFileSync(at("ws2", "b"), "b");
    await refused(read(at("ws2", "b"), at("ws")), /outside of/);
  });

  it("a file that grows meanwhile is not read half", async () => {
    const file = at("growing");
    writeFileSync(file, "x".repeat(1 << 22));
    const reading = read(file, undefined, 1 << 23);
    const timer = setInterval(() => appendFileSync(file, "y"), 0);
    const outcome = await reading.then(
      (text) => text.length,
      (error: unknown) => String(error),
    );
    clearInterval(timer);
    if (typeof outcome === "string") assert.match(outcome, /changed while it was read/);
    else assert.equal(outcome % (1 << 22) < 10, true);
  });

  it("are written whole or not at all, and leave nothing beside them", async () => {
    await writeWhole(at("ws", "b.txt"), "new");
    await writeWhole(at("ws", "b.txt"), "newer");
    assert.equal(readFileSync(at("ws", "b.txt"), "utf8"), "newer");
    await assert.rejects(
      writeWhole(at("gone", "b.txt"), "x"),
      /could not be written: .*gone is gone/,
    );
    mkdirSync(at("ws", "folder"));
    await assert.rejects(writeWhole(at("ws", "folder"), "x"), ConvLensError);
    assert.deepEqual(readdirSync(at("ws")).sort(), ["a.txt", "b.txt", "folder"]);
  });

  it("what a process left that was ended in mid-write goes with the next write", async () => {
    const writing = unfinishedName(at("ws", "b.txt"));
    const left = writing.replace(`-${process.pid}-`, `-${endedProcess()}-`);
    const elsewhere = writing.replace(/[0-9a-f]{8}-[0-9]+-/, "00000000-1-");
    const others = [".b.txt.swp", ".b.txt.old-1", ".b.txt.00000000-1-2"];
    for (const file of [writing, left, elsewhere, ...others.map((name) => at("ws", name))])
      writeFileSync(file, "half");
    await writeWhole(at("ws", "b.txt"), "whole");
    const there = (): string[] => readdirSync(at("ws")).sort();
    const stays = ["a.txt", "b.txt", ...others, path.basename(writing)];
    assert.deepEqual(there(), [...stays, path.basename(elsewhere)].sort());
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    utimesSync(elsewhere, yesterday, yesterday);
    await clearUnfinished(at("ws"));
    assert.deepEqual(there(), stays.sort());
  });

  it("nothing takes the place of a pipe or a device", async function () {
    if (process.platform === "win32") this.skip();
    execFileSync("mkfifo", [at("ws", "fifo")]);
    await assert.rejects(writeWhole(at("ws", "fifo"), "x"), {
      kind: "input",
      message: /no regular file; nothing is written/,
    });
    assert.ok(statSync(at("ws", "fifo")).isFIFO());
  });

  it("a link is followed in its folder, and never out of it", async function () {
    if (process.platform === "win32") this.skip();
    symlinkSync(at("secret.txt"), at("ws", "out"));
    await assert.rejects(writeWhole(at("ws", "out"), "x"), /outside of its folder/);
    assert.equal(readFileSync(at("secret.txt"), "utf8"), "top secret");
    symlinkSync("a.txt", at("ws", "in"));
    await writeWhole(at("ws", "in"), "through");
    assert.equal(readFileSync(at("ws", "a.txt"), "utf8"), "through");
  });

  it("a full disk is said, and what was there stays", async function () {
    if (process.platform !== "linux") this.skip();
    try {
      mkdirSync(at("small"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at("small")], {
        stdio: "ignore",
      });
    } catch {
      this.skip(); // only root may
    }
    try {
      await writeWhole(at("small", "a"), "kept");
      await assert.rejects(writeWhole(at("small", "a"), "x".repeat(1 << 18)), (error) => {
        assert.ok(error instanceof ConvLensError && error.kind === "compute");
        assert.match(error.message, /disk of .* is full/);
        return true;
      });
      assert.equal(readFileSync(at("small", "a"), "utf8"), "kept");
      assert.deepEqual(readdirSync(at("small")), ["a"]);
    } finally {
      execFileSync("umount", [at("small")]);
    }
  });
});
