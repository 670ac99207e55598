/** Scripts of the workspace that may have made a checkpoint: the nearest to it first. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { workspace } from "vscode";
import type { ScriptText } from "../../shared/contract/export.ts";

const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv,__pycache__}/**";
const MOST_FOUND = 500;
const MOST_READ = 40;
const MOST_BYTES = 500_000;

/** As they are on disk: that is what runs. */
export async function scriptsNear(model: string): Promise<ScriptText[]> {
  const found = await workspace.findFiles("**/*.py", ELSEWHERE, MOST_FOUND);
  const files = found
    .filter(({ scheme }) => scheme === "file")
    .map(({ fsPath }) => ({ file: fsPath, steps: stepsBetween(path.dirname(model), fsPath) }))
    .sort((a, b) => a.steps - b.steps || (a.file < b.file ? -1 : 1));
  const scripts: ScriptText[] = [];
  for (const { file } of files) {
    if (scripts.length === MOST_READ) break;
    const code = await textOf(file).catch(() => "");
    // one that names no library may still call what another defines
    if (code !== "") scripts.push({ file, code });
  }
  return scripts;
}

const stepsBetween = (folder: string, file: string): number =>
  path.relative(folder, file).split(path.sep).length;

async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  return size > MOST_BYTES ? "" : readFile(file, "utf8");
}
