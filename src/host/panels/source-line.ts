import path from "node:path";
import { Uri, ViewColumn, window, workspace, Range } from "vscode";
import { inputError } from "../../base/errors.ts";
import type { SourceLine } from "../../graph/types.ts";
import { t } from "../../shared/l10n.ts";
import { isOfWorkspace } from "../workspace-folders.ts";

const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv}/**";

/**
 * Opens the line of training code that a model's file names: in the workspace by its path, else by its name where only one file has
 * it. A model names any path: nothing outside the workspace is opened. Throws a ConvLensError of kind `input` that says what is missing.
 */
export async function openSource({ file, line }: SourceLine): Promise<void> {
  const uri = await find(file);
  const at = Math.max(0, line - 1);
  await window.showTextDocument(uri, {
    viewColumn: ViewColumn.One,
    selection: new Range(at, 0, at, 0),
  });
}

async function find(file: string): Promise<Uri> {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  if (path.isAbsolute(file) && (await isOfWorkspace(file))) {
    const exact = Uri.file(path.resolve(file));
    const there = await Promise.resolve(workspace.fs.stat(exact)).catch(() => null);
    if (there) return exact;
  }
  // a name with characters that mean something in a pattern is not searched for
  const found = /^[\w .-]+$/.test(name)
    ? await workspace.findFiles(`**/${name}`, ELSEWHERE, 20)
    : [];
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  throw inputError(
    only
      ? t(
          "{0} files of this workspace are named '{1}', and none is '{2}'; open the right one by hand.",
          found.length,
          name,
          file,
        )
      : t(
          "'{0}' is not in this workspace; open the folder with the code that made the model.",
          file,
        ),
  );
}
