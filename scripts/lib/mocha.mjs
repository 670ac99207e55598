/** Runs mocha on files found by glob; its totals come back through scripts/lib/reporter.mjs. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./places.mjs";
import { node } from "./run.mjs";

const mochaFile = path.join(root, "node_modules", "mocha", "bin", "mocha.js");

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function mocha(files, { args = [], env = {} } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-totals-"));
  const totals = path.join(folder, "totals.json");
  try {
    const { code } = await node([mochaFile, ...files, ...args], {
      env: { ...process.env, ...env, CONVLENS_TEST_TOTALS: totals },
      show: true,
    });
    if (!existsSync(totals)) throw new Error(`mocha ended with ${code} before it could count`);
    const { passed, failed } = JSON.parse(readFileSync(totals, "utf8"));
    // A file that cannot be loaded, a hook or an error after the tests: not in the count of failures.
    return { passed, failed: code !== 0 ? Math.max(failed, 1) : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
