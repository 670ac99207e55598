/** A model that is alive in a paused program: what is evaluated there, and what comes back. */
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { t } from "../../shared/l10n.ts";

/** A text as Python writes it. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });

/** Runs the helper's `save` on a variable, under no name that the program could have. */
export const saveExpression = (helper: string, variable: string, folder: string): string =>
  `__import__("runpy").run_path(${quoted(helper)}, run_name="convlens")["save"](${variable}, ${quoted(
    path.join(folder, "model.pt2"),
  )})`;

/** The file that the expression gave, as the debugger tells it. Throws a ConvLensError of kind `input` for anything that is not in `folder`. */
export function savedFile(result: string, folder: string): string {
  const told = /^(['"])(.*)\1$/s.exec(result.trim())?.[2]?.replace(/\\(.)/gs, "$1") ?? "";
  // on Windows backslashes come doubled
  const file = path.resolve(folder, path.basename(told.replaceAll("\\", "/")));
  if (told !== "" && path.dirname(file) === path.resolve(folder) && file !== path.resolve(folder))
    return file;
  throw inputError(t("The paused program gave no model: {0}", plainText(result)));
}
