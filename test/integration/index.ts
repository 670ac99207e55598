/** What the extension host calls: runs every *.test file beside this one, in desktop VS Code and code-server alike. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { kill } from "./kill.ts";
import { measure } from "./measure.ts";

/** What takes minutes, by the value of CONVLENS_LONG: run in place of the tests. Each line that it returns is a finding. */
const LONG: Readonly<Record<string, () => Promise<{ failed: number; lines: string[] }>>> = {
  kill,
  measure: async () => ({ failed: 0, lines: await measure() }),
};

/** Rejects when a test failed; VS Code makes its exit code of that. */
export async function run(): Promise<void> {
  const results = process.env["CONVLENS_TEST_RESULTS"];
  const long = LONG[process.env["CONVLENS_LONG"] ?? ""];
  if (long && results !== undefined) {
    const { failed, lines } = await long();
    writeFileSync(results, JSON.stringify({ passed: lines.length, failed, lines }));
    return;
  }
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, color: false, forbidOnly: true });
  for (const file of readdirSync(__dirname))
    if (file.endsWith(".test.cjs")) mocha.addFile(path.join(__dirname, file));

  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", (test) => {
        passed += 1;
        lines.push(`  ok    ${test.fullTitle()} (${test.duration ?? 0} ms)`);
      })
      .on("fail", (test, error: Error) => {
        failed += 1;
        lines.push(`  FAIL  ${test.fullTitle()}\n${error.stack ?? error.message}`);
      });
  });
  // The console of an extension host is not that of the terminal: results go through a file.
  if (results !== undefined) writeFileSync(results, JSON.stringify({ passed, failed, lines }));
  if (failed > 0 || passed === 0) throw new Error(`${passed} passed, ${failed} failed`);
}
