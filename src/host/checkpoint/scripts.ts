/** Scripts of the workspace that may have made a checkpoint: the nearest to it first. */
import path from "node:path";
import { workspace, type Uri } from "vscode";
import { readBounded } from "../../files/read-bounded.ts";
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
    .map((uri) => ({
      uri,
      file: uri.fsPath,
      steps: stepsBetween(path.dirname(model), uri.fsPath),
    }))
    .sort((a, b) => a.steps - b.steps || (a.file < b.file ? -1 : 1));
  const scripts: ScriptText[] = [];
  for (const { uri, file } of files) {
    if (scripts.length === MOST_READ) break;
    const code = await textOf(uri).catch(() => "");
    // one that names no library may still call what another defines
    if (code !== "") scripts.push({ file, code });
  }
  return scripts;
}

const stepsBetween = (folder: string, file: string): number =>
  path.relative(folder, file).split(path.sep).length;

/** Of a file that lies in the workspace, links followed. */
async function textOf(uri: Uri): Promise<string> {
  const within = workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath);
  const bytes = await readBounded(uri.fsPath, { what: "The script", most: MOST_BYTES, within });
  return bytes.toString("utf8");
}
