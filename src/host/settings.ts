import { workspace, type Uri } from "vscode";
import type { EngineChoice } from "../shared/engines.ts";
import type { ComputeSettings } from "./compute/client.ts";

/** Where commands open an inspector: as a panel (beside, active group) or a custom editor. */
export type OpenIn = "beside" | "active" | "editor";

const get = <T>(key: string, fallback: T): T =>
  workspace.getConfiguration("convlens").get<T>(key, fallback);

/** What the settings say now; a value out of its range counts as the nearest that is in it. */
export function computeSettings(): ComputeSettings {
  const engine = get<EngineChoice>("engine", "auto");
  return {
    engine: engine === "native" || engine === "wasm" ? engine : "auto",
    memoryBudgetBytes: Math.max(256, get("memoryBudgetMB", 2048)) * 1024 * 1024,
    idleMs: Math.max(0, get("idleMinutes", 10)) * 60_000,
  };
}

/** An open inspector shows the layer of the line that the cursor is on. */
export const followsCursor = (script: Uri): boolean =>
  workspace.getConfiguration("convlens", script).get("code.followCursor", true);

/** Of the folder that a script lies in: each folder of a workspace may have its own. */
const ofScript = (key: string, script: Uri): boolean =>
  workspace.getConfiguration("convlens", script).get(key, false);
/** Problems of the training code are shown in this script; off unless it is set. */
export const diagnosesCode = (script: Uri): boolean => ofScript("code.diagnostics", script);
/** Lines whose filters died are marked in this script; off unless it is set. */
export const marksDead = (script: Uri): boolean => ofScript("code.markDeadFilters", script);

/** What `convlens.openIn` says now; `beside` for whatever is none of the three. */
export function openIn(): OpenIn {
  const value = get<OpenIn>("openIn", "beside");
  return value === "active" || value === "editor" ? value : "beside";
}
