import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { reallyAmong } from "../../../src/files/real-place.ts";

describe("where a file really is", () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-place-")));
  const at = (...names: string[]): string => path.join(folder, ...names);
  before(() => {
    for (const name of ["ws", "ws-more", "out"]) mkdirSync(at(name));
    writeFileSync(at("ws", "in.png"), "");
    writeFileSync(at("out", "secret.png"), "");
    writeFileSync(at("ws-more", "near.png"), "");
    symlinkSync(at("out", "secret.png"), at("ws", "link.png"));
    symlinkSync(at("out"), at("ws", "folder"));
    symlinkSync(at("ws"), at("same"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is in a folder, or is one of the files that are named", async () => {
    for (const file of ["in.png", "new.png", "new/deep.png", ""])
      assert.equal(await reallyAmong(at("ws", file), [at("ws")]), true, file);
    assert.equal(await reallyAmong(at("out", "secret.png"), [at("out", "secret.png")]), true);
    // a workspace that was opened by a link is its folder
    for (const [file, place] of [
      [at("same", "in.png"), at("same")],
      [at("ws", "in.png"), at("same")],
    ] as const)
      assert.equal(await reallyAmong(file, [place]), true);
  });

  it("is not where a name climbs, only begins alike, or a link leads out", async () => {
    const others = [at("ws-more", "near.png"), `${at("ws")}/../out/secret.png`, at("out")];
    const links = [at("ws", "link.png"), at("ws", "folder", "secret.png"), at("ws", "folder", "x")];
    for (const file of [...others, ...links, "/etc/passwd", "", "in.png"])
      assert.equal(await reallyAmong(file, [at("ws")]), false, file);
    assert.equal(await reallyAmong(at("ws", "in.png"), []), false);
  });
});
