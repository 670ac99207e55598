/** Watchers that see nothing find nothing: each is shown what it watches for. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FORGED } from "./hostile-workspace.ts";
import { filesIn, forgedLines, listeningServer, logIn } from "./traces.ts";
import { Watch } from "./watch.ts";

describe("watchers of a hostile workspace", () => {
  let folder = "";
  let children: ChildProcess[] = [];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-watched-")));
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  /** A process that looks like one of ours by its command line. */
  const started = (looksLike: string, code: string, cwd: string): void => {
    const idle = "setInterval(() => undefined, 1000);";
    const args = ["-e", `${code};${idle}`, looksLike];
    children.push(spawn(process.execPath, args, { cwd, stdio: "ignore" }));
  };
  /** Resolves when a watch has said all of these; fails where it does not. */
  async function says(port: number, mostBytes: number, wanted: readonly RegExp[]): Promise<void> {
    const watch = new Watch(process.pid, folder, port, mostBytes);
    const missing = (): RegExp[] =>
      wanted.filter((what) => ![...watch.wrong].some((one) => what.test(one)));
    for (let i = 0; i < 200 && missing().length > 0; i++) await sleep(100);
    watch.stop();
    assert.deepEqual(missing(), [], JSON.stringify([...watch.wrong]));
  }

  it("see where processes run, what they take, and whom they speak to", async () => {
    const { server, port } = await listeningServer();
    const speaks = `require("net").connect(${port}, "127.0.0.1").on("error", () => undefined)`;
    const listens = `require("net").createServer().listen(0, "127.0.0.1")`;
    started("extensionHost", `${speaks};${listens}`, folder);
    started("/x/dist/compute.js", "", tmpdir());
    await says(port, 20e6, [
      new RegExp(`^runs in ${folder}: `),
      new RegExp(`^runs in ${realpathSync(tmpdir())}: .*compute`),
      /^host takes \d+ MB/,
      /^compute takes \d+ MB/,
      /^host asks the server/,
      /^host listens/,
    ]);
    server.close();
  }).timeout(30_000);

  it("see a request", async () => {
    const { server, port, requests } = await listeningServer();
    await fetch(`http://127.0.0.1:${port}/name.png`);
    server.close();
    assert.deepEqual(requests, ["GET /name.png"]);
  });

  it("see a file that was made, changed, or may be run", () => {
    writeFileSync(path.join(folder, "a"), "a");
    const before = filesIn(folder);
    assert.deepEqual(filesIn(folder), before);
    appendFileSync(path.join(folder, "a"), "b");
    assert.notDeepEqual(filesIn(folder), before);
    writeFileSync(path.join(folder, "b"), "");
    assert.deepEqual(Object.keys(filesIn(folder)), ["a", "b"]);
  });

  it("see a line that was forged, and that there is no log", () => {
    assert.throws(() => forgedLines(logIn(folder)), /no log of ours was read/);
    const place = path.join(folder, "20261130", "exthost1", "convlens.convlens");
    mkdirSync(place, { recursive: true });
    const file = path.join(place, "ConvLens.log");
    writeFileSync(file, "2026-11-30 09:00:00.000 [info] something else\n");
    assert.throws(() => forgedLines(logIn(folder)), /no log of ours was read \(2 lines\)/);
    appendFileSync(file, "2026-11-30 09:00:00.000 [info] The compute process was started.\n");
    assert.deepEqual(forgedLines(logIn(folder)), []);
    const lines = [`2026-01-01 00:00:00.000 [error] ${FORGED}`, `2026-11-30 [warn] ${FORGED}`];
    appendFileSync(file, lines.join("\n"));
    assert.deepEqual(forgedLines(logIn(folder)), lines);
  });
});
