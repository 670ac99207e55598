import { stat } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import type { LabelsGiven } from "../../shared/contract/model.ts";
import type { PanelContract } from "../../shared/contract/panel.ts";
import { t } from "../../shared/l10n.ts";
import { isOfWorkspace } from "../workspace-folders.ts";
import { fieldsOf, notUnderstood, textOf } from "./call-rules.ts";
import { localPath } from "./dropped-pictures.ts";

const MOST_CHARACTERS = 1 << 22;

/**
 * The labels file that a person dropped on a page: one that came as an address is taken where it really lies in the workspace. Throws
 * a ConvLensError of kind `input` for another, of kind `usage` for what is none.
 */
export async function givenLabels(
  given: Parameters<PanelContract["giveLabels"]>[0]["given"],
): Promise<LabelsGiven> {
  if (given === "imagenet") return given;
  const fields = fieldsOf(given) as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(fields, "uri")) {
    const [text, name] = [textOf(fields["text"]), path.basename(textOf(fields["name"]))];
    if (text.length > MOST_CHARACTERS) throw notUnderstood();
    return { text, name };
  }
  const file = localPath(textOf(fields["uri"]));
  if (file === null || !(await isOfWorkspace(file)) || !(await stat(file)).isFile())
    throw inputError(t("What was dropped is no labels file in a folder of this workspace."));
  return { file };
}
