/** The dialog that stands before every run: the exact command, the script, and what it may do. */
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { commandText, exportCommand, type ExportRequest } from "../../shared/export-request.ts";
import { t } from "../../shared/l10n.ts";
import { ask } from "../notices.ts";
import { askPython, type Program } from "./ask.ts";

/** More does not fit into a dialog, and what is not seen is not agreed to. */
const LONGEST = 1500;

/** What the dialog says; every character of the command is shown. Throws a ConvLensError of kind `input` for one that is too long. */
export function consentText(helper: string, request: ExportRequest): string {
  const command = commandText(exportCommand(helper, request));
  const shown = plainText(command, 8 * LONGEST);
  if (shown.length > LONGEST)
    throw inputError(t("The command is too long to be shown; give fewer arguments."));
  const { script } = request;
  return [
    shown,
    t(
      "It imports {0} from its folder, so this script and whatever it imports run with your rights, as if you started them. It works in a private temporary folder that is removed, on the CPU, for at most {1} minutes.",
      plainText(script),
      Math.ceil(request.limitSeconds / 60),
    ),
    t(
      "The file of weights goes to no Python. Only the structure of the network is kept, without weights, in ConvLens' cache; this file opens with it from then on, and so do its other checkpoints.",
    ),
  ].join("\n\n");
}

/** Asks until the person agrees or dismisses the dialog (null); another interpreter is asked about again. */
export async function consented(
  model: string,
  program: Program,
  { helper, pythons }: { readonly helper: string; readonly pythons: readonly string[] },
): Promise<ExportRequest | null> {
  let python = pythons[0] ?? (await askPython(pythons));
  const [run, other] = [t("Run"), t("Another Python…")];
  while (python !== null) {
    const request: ExportRequest = { ...program, python };
    const question = t(
      "Run {0} with your Python, for the network of {1}?",
      `${path.basename(program.script)}:${program.entry}`,
      path.basename(model),
    );
    const answer = await ask(question, consentText(helper, request), run, other);
    if (answer === run) return request;
    if (answer !== other) return null;
    python = (await askPython(pythons)) ?? python;
  }
  return null;
}
