import path from "node:path";
import { workspace, type Uri } from "vscode";
import { readBounded } from "../../files/read-bounded.ts";

const MOST = 200;
const LIMIT_BYTES = 1 << 20;
const SUFFIX = ".convlens.json";

/** The model whose sidecar names `script` as its training script; null when none does. */
export async function sidecarModel(script: Uri): Promise<string | null> {
  if (script.scheme !== "file") return null;
  const sidecars = await workspace.findFiles(`**/*${SUFFIX}`, "**/node_modules/**", MOST);
  for (const uri of sidecars) {
    const told = await trainingScript(uri.fsPath);
    if (told === null) continue;
    if (path.resolve(path.dirname(uri.fsPath), told) === script.fsPath)
      return uri.fsPath.slice(0, -SUFFIX.length);
  }
  return null;
}

async function trainingScript(sidecar: string): Promise<string | null> {
  try {
    const within = path.dirname(sidecar);
    const bytes = await readBounded(sidecar, { what: "The sidecar", most: LIMIT_BYTES, within });
    const parsed = JSON.parse(bytes.toString("utf8")) as unknown;
    const told =
      typeof parsed === "object" && parsed !== null && "trainingScript" in parsed
        ? parsed.trainingScript
        : null;
    return typeof told === "string" ? told : null;
  } catch {
    // whoever opens that model is told what is wrong with it
    return null;
  }
}
