import path from "node:path";
import { Uri, window, workspace } from "vscode";
import { t } from "../../shared/l10n.ts";
import { LOOKED_AT_EXTENSIONS } from "../../shared/picture-kinds.ts";

/** Asks for pictures; starts in `folder`. Empty when dismissed. */
export async function pickPictures(folder: string): Promise<string[]> {
  const picked = await window.showOpenDialog({
    canSelectMany: true,
    defaultUri: Uri.file(folder),
    openLabel: t("Look at Picture"),
    title: t("Pictures to look at with ConvLens"),
    filters: {
      [t("Pictures and arrays")]: [...LOOKED_AT_EXTENSIONS],
      [t("All files")]: ["*"],
    },
  });
  return (picked ?? []).map((uri) => uri.fsPath);
}

/** Asks what the input `name` beside the picture is; starts in `folder`. Null when dismissed. */
export async function pickInput(folder: string, name: string): Promise<string | null> {
  const picked = await window.showOpenDialog({
    defaultUri: Uri.file(folder),
    openLabel: t("Take It"),
    title: t("What the input '{0}' is: an array or a picture beside the model", name),
    filters: {
      [t("Pictures and arrays")]: [...LOOKED_AT_EXTENSIONS],
      [t("All files")]: ["*"],
    },
  });
  return picked?.[0]?.fsPath ?? null;
}

/** Asks for a folder of pictures, or with a folder of them for each class; starts in `folder`. Null when dismissed. */
export async function pickFolder(folder: string, ofClasses = false): Promise<string | null> {
  const picked = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: Uri.file(folder),
    openLabel: ofClasses ? t("Take This Folder") : t("Count over This Folder"),
    title: ofClasses
      ? t("A folder with a folder of pictures for each class")
      : t("A folder of pictures to count over with ConvLens"),
  });
  return picked?.[0]?.fsPath ?? null;
}

/** Asks for the file that holds the network of a file of weights; starts in `folder`. Null when dismissed. */
export async function pickStructureFile(folder: string): Promise<string | null> {
  const picked = await window.showOpenDialog({
    defaultUri: Uri.file(folder),
    openLabel: t("Take Its Network"),
    title: t("A .pt2 or ONNX file of the network that these weights belong to"),
    filters: { [t("Networks")]: ["pt2", "onnx"] },
  });
  return picked?.[0]?.fsPath ?? null;
}

/** Asks where (beginning beside `model`), then writes; null when dismissed. */
export async function saveAs(
  model: string,
  name: string,
  bytes: Uint8Array,
): Promise<string | null> {
  const target = await window.showSaveDialog({
    defaultUri: Uri.file(path.join(path.dirname(model), safeName(name, "convlens.png"))),
    title: t("Save from ConvLens"),
  });
  if (!target) return null;
  await workspace.fs.writeFile(target, bytes);
  return target.fsPath;
}

/** A name out of a page as the name of a file. */
export function safeName(name: string, fallback: string): string {
  const base = path
    .basename(name.replaceAll("\\", "/"))
    .replace(/[^\p{L}\p{N}._ -]/gu, "_")
    .slice(-100);
  return /[^. ]/.test(base) ? base : fallback;
}
