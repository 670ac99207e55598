import { stat } from "node:fs/promises";
import path from "node:path";
import { Uri } from "vscode";
import { inputError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { LOOKED_AT_EXTENSIONS } from "../../shared/picture-kinds.ts";
import { isOfWorkspace } from "../workspace-folders.ts";

/**
 * Paths of what was dropped out of the explorer. A drop is a person's act, but a page tells of it: only pictures and arrays that really lie
 * in the workspace are taken. Throws a ConvLensError of kind `input` when there is none among them.
 */
export async function droppedPictures(uris: readonly string[]): Promise<string[]> {
  const files = uris.map(localPath).filter((file) => file !== null);
  const taken = await Promise.all(files.map(isTaken));
  const found = files.filter((_, i) => taken[i]);
  if (found.length === 0 && uris.length > 0)
    throw inputError(
      t(
        "What was dropped is no picture or array in a folder of this workspace; open it with 'Add pictures' instead.",
      ),
    );
  return found;
}

const isTaken = async (file: string): Promise<boolean> =>
  LOOKED_AT_EXTENSIONS.includes(path.extname(file).slice(1).toLowerCase()) &&
  (await isOfWorkspace(file)) &&
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

/** In a remote window files of this machine are named `vscode-remote://HOST/path`. */
export function localPath(text: string): string | null {
  const { scheme, path: place, fsPath } = Uri.parse(text.trim());
  if (scheme === "file") return path.resolve(fsPath);
  return scheme === "vscode-remote" ? path.resolve(Uri.file(place).fsPath) : null;
}
