import path from "node:path";
import { Uri, window, workspace } from "vscode";
import { t } from "../../shared/l10n.ts";
import { MODEL_EXTENSIONS } from "../model-files.ts";
import type { Services } from "../services.ts";
import { folderWords } from "../workspace-folders.ts";
import type { Choice } from "./items.ts";
import { pick } from "./pick.ts";

const BROWSE = Symbol("browse");
const FOLDER = Symbol("folder");
type Picked = string | typeof BROWSE | typeof FOLDER;

/** Asks for a model: recent ones first, then the workspace's, then any file on disk. Null when dismissed. */
export async function pickModel(
  { files, store }: Pick<Services, "files" | "store">,
  title: string,
): Promise<string | null> {
  const choice = await pick<Picked>(title, t("Which model?"), modelChoices());
  return typeof choice === "symbol" ? browse(choice === FOLDER) : choice;

  async function modelChoices(): Promise<Choice<Picked>[]> {
    const found = (await files.list())
      .filter(({ scheme }) => scheme === "file")
      .map(({ fsPath }) => fsPath);
    const recent = await onDisk(store.recent("models"));
    const all = [...new Set([...recent, ...found])];
    return [
      ...all.map((file) => ({
        icon: "file-binary",
        label: path.basename(file),
        description: folderWords(file),
        ...(recent.includes(file) && { detail: t("recently used") }),
        value: file,
      })),
      {
        icon: "folder-opened",
        label: t("Browse…"),
        description: t("a model anywhere on this machine"),
        value: BROWSE,
      },
      {
        icon: "folder-opened",
        label: t("Browse for a folder…"),
        description: t("a SavedModel or a TensorFlow.js model"),
        value: FOLDER,
      },
    ];
  }
}

/** On Windows and Linux a dialog picks files or folders, not both. */
async function browse(folders: boolean): Promise<string | null> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const picked = await window.showOpenDialog({
    title: t("A model to inspect with ConvLens"),
    openLabel: t("Inspect"),
    ...(folder && { defaultUri: folder }),
    canSelectFiles: !folders,
    canSelectFolders: folders,
    filters: { [t("Models")]: [...MODEL_EXTENSIONS, "json", "bin"], [t("All files")]: ["*"] },
  });
  return picked?.[0]?.fsPath ?? null;
}

/** Those of `paths` that are still there. */
export async function onDisk(paths: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(
    paths.map((file) =>
      Promise.resolve(workspace.fs.stat(Uri.file(file))).then(
        () => file,
        () => null,
      ),
    ),
  );
  return kept.filter((file) => file !== null);
}
