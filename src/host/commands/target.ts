import { Uri } from "vscode";
import { whyNotOnDisk } from "../panels/register.ts";
import { pickModel } from "../picks/model.ts";
import type { Services } from "../services.ts";
import { showError } from "../notices.ts";

/** What a command was run on: a file of the explorer, an item of the tree, an open inspector, or what was picked. */
export interface Target {
  readonly model: string;
  readonly layer: string | null;
}

/** Items of the tree: what their actions are given. */
export interface TreeTarget {
  readonly model: string;
  readonly layer?: string;
  /** From training code: any inspector of the same training is meant, whichever checkpoint it was opened on. */
  readonly code?: boolean;
}

const isTreeTarget = (arg: unknown): arg is TreeTarget =>
  typeof arg === "object" && arg !== null && "model" in arg && typeof arg.model === "string";

/** The model (and layer) that `arg` names, the open inspector's, or one that is asked for; null when dismissed. */
export async function targetOf(
  services: Services,
  arg: unknown,
  title: string,
): Promise<Target | null> {
  if (isTreeTarget(arg)) {
    const open = arg.code === true ? services.panels.ofTraining(arg.model) : undefined;
    return { model: open?.model ?? arg.model, layer: arg.layer ?? null };
  }
  if (arg instanceof Uri) {
    const refusal = whyNotOnDisk(arg);
    if (refusal === null) return { model: arg.fsPath, layer: null };
    void showError(refusal);
    return null;
  }
  const active = services.panels.active();
  const model = active?.model ?? (await pickModel(services, title));
  return model === null ? null : { model, layer: null };
}
