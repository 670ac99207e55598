/** Exports by a stand-in for Python, for tests that need no torch and no TensorFlow. */
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createEngine } from "../../src/engine/index.ts";
import type { Engine } from "../../src/engine/types.ts";

export interface Exporting {
  readonly engine: Engine;
  /** For what the tests write; structures that are accepted are kept in it. */
  readonly folder: string;
  /** What is started in place of Python. */
  readonly python: string;
}

/** For the suite that calls it, `script` (of Node) as a Python; returns what there is once the suite has begun. */
export function exportingBy(script: string): () => Exporting {
  let exporting: Exporting | null = null;
  const kept = process.env["CONVLENS_STRUCTURES"];
  before(async function () {
    // the stand-in is started by its first line
    if (process.platform === "win32") this.skip();
    const { engine } = await createEngine("auto");
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-own-")));
    const python = path.join(folder, "python");
    process.env["CONVLENS_STRUCTURES"] = path.join(folder, "structures");
    writeFileSync(python, `#!${process.execPath}\n${script}`);
    chmodSync(python, 0o755);
    exporting = { engine, folder, python };
  });
  after(() => {
    if (kept === undefined) delete process.env["CONVLENS_STRUCTURES"];
    else process.env["CONVLENS_STRUCTURES"] = kept;
    exporting?.engine.dispose();
    if (exporting) rmSync(exporting.folder, { recursive: true, force: true });
  });
  return () => {
    if (!exporting) throw new Error("the suite has not begun");
    return exporting;
  };
}
