import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { debug, DebugStackFrame, env, type DebugSession, Uri, window, workspace } from "vscode";
import { inputError, messageOf } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { t } from "../../shared/l10n.ts";
import { NOTEBOOK_LINES } from "../../shared/export-request.ts";
import { scratchPrefix } from "../../shared/scratch.ts";
import { saveExpression, savedFile } from "../checkpoint/live.ts";
import { ask, showInformation } from "../notices.ts";
import { notTrusted } from "../panels/calls.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";

/** `convlens.inspectVariable`: a model in a paused program; nothing is evaluated there before the person agrees. */
export const inspectVariable =
  (services: Services): Command =>
  async (arg) => {
    if (!workspace.isTrusted) throw notTrusted();
    const session = debug.activeDebugSession;
    const frame = debug.activeStackItem;
    const variable = nameOf(arg);
    if (!session || !(frame instanceof DebugStackFrame) || variable === null)
      throw inputError(
        t("Pause a Python program, and choose a model in the Variables view that has a name."),
      );
    const { remote } = services.compute;
    const { helper } = await remote.exportTools({ folders: [] });
    const folder = await mkdtemp(path.join(tmpdir(), scratchPrefix(process.pid)));
    // at once: the process does not wait for promises where a window closes
    const removed = { dispose: () => rmSync(folder, { recursive: true, force: true }) };
    const expression = saveExpression(helper, variable, folder);
    const agree = t("Save and Inspect");
    const question = t("Save '{0}' of the paused program, and inspect it?", variable);
    const answer = await ask(question, liveText(expression), agree);
    if (answer !== agree) {
      removed.dispose();
      return;
    }
    // the inspector reads it as long as the window is open
    services.extension.subscriptions.push(removed);
    const answered = await evaluated(session, expression, frame.frameId);
    const { result } = Object(answered) as { result?: unknown };
    const file = savedFile(typeof result === "string" ? result : "", folder);
    await services.panels.inspect(file, {});
  };

async function evaluated(
  session: DebugSession,
  expression: string,
  frameId: number,
): Promise<unknown> {
  // it may have been taken back while the dialog was open
  if (!workspace.isTrusted) throw notTrusted();
  try {
    return await session.customRequest("evaluate", { expression, frameId, context: "repl" });
  } catch (error) {
    throw inputError(
      t("The paused program could not save it: {0}", plainText(messageOf(error), 1000)),
    );
  }
}

const liveText = (expression: string): string =>
  [
    plainText(expression, 4000),
    t(
      "The paused program evaluates this, and goes on as it was: the model's mode, weights and gradients and the state of random numbers stay the same. A copy of the model goes to a private temporary folder, which is removed when this window closes. Large models take as much memory again.",
    ),
  ].join("\n\n");

/** The expression that the debugger has for a row of the Variables view. */
function nameOf(arg: unknown): string | null {
  const { variable } = Object(arg) as { variable?: unknown };
  const { evaluateName } = Object(variable) as { evaluateName?: unknown };
  return typeof evaluateName === "string" && evaluateName !== "" ? evaluateName : null;
}

/** `convlens.copyPythonHelper`: convlens.py beside a notebook, and the two lines that use it. */
export const copyPythonHelper =
  ({ compute }: Services): Command =>
  async () => {
    const { helper } = await compute.remote.exportTools({ folders: [] });
    const beside =
      window.activeNotebookEditor?.notebook.uri ?? workspace.workspaceFolders?.[0]?.uri;
    const folder = window.activeNotebookEditor && beside ? Uri.joinPath(beside, "..") : beside;
    const target = await window.showSaveDialog({
      ...(folder && { defaultUri: Uri.joinPath(folder, "convlens.py") }),
      title: t("Where the notebook finds it: in its own folder"),
      filters: { Python: ["py"] },
    });
    if (!target) return;
    await workspace.fs.copy(Uri.file(helper), target, { overwrite: true });
    const copy = t("Copy the Two Lines");
    const answer = await showInformation(
      t('In a cell: import convlens, then convlens.save(model, "model.pt2"). Then open model.pt2.'),
      copy,
    );
    if (answer === copy) await env.clipboard.writeText(NOTEBOOK_LINES);
  };
