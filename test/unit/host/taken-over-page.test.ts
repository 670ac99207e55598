import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** A few of the messages that `npm run fuzz` sends; it sends 20,000 of each call. */
const MESSAGES = { "rpc-page": 200, "rpc-compute": 60 };
const SEED = "30";
const worker = fileURLToPath(new URL("../../fuzz/worker.ts", import.meta.url));

describe("a page that was taken over", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-taken-over-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [target, count] of Object.entries(MESSAGES))
    it(`has nothing read, written, opened or watched that nobody chose: ${target}`, async () => {
      // in a process of its own: every call of the file system is traced there
      const args = [target, SEED, "0", String(count), path.join(folder, target)];
      const child = fork(worker, args, { execArgv: ["--import=tsx"], stdio: "pipe" });
      let words = "";
      child.stderr?.on("data", (chunk) => (words += String(chunk)));
      let reached = 0;
      const found: unknown[] = [];
      child.on("message", ({ index, outcome }: { index: number; outcome?: unknown }) => {
        reached = index;
        if (outcome !== undefined && outcome !== "read") found.push(outcome);
      });
      const [code] = (await once(child, "exit")) as [number | null];
      assert.deepEqual({ code, reached, found }, { code: 0, reached: count, found: [] }, words);
    }).timeout(180_000);
});
