import path from "node:path";
import { workspace } from "vscode";
import { t } from "../../shared/l10n.ts";
import { PICTURE_EXTENSIONS } from "../../shared/picture-kinds.ts";
import { pickPictures } from "../panels/files.ts";
import { naturalOrder } from "../../base/natural-order.ts";
import type { Services } from "../services.ts";
import { folderWords } from "../workspace-folders.ts";
import type { Choice } from "./items.ts";
import { onDisk } from "./model.ts";
import { pick } from "./pick.ts";

const BROWSE = Symbol("browse");
const PICTURES = `**/*.{${PICTURE_EXTENSIONS.join(",")}}`;
const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv}/**";
const MOST_PICTURES = 200;

/** Asks for a picture: recent ones first, then the workspace's, then any file. Null when dismissed. */
export async function pickPicture(
  { store }: Services,
  title: string,
  near: string,
): Promise<string | null> {
  const choice = await pick<string | typeof BROWSE>(title, t("Which picture?"), pictureChoices());
  if (choice !== BROWSE) return choice;
  return (await pickPictures(path.dirname(near)))[0] ?? null;

  async function pictureChoices(): Promise<Choice<string | typeof BROWSE>[]> {
    const recent = await onDisk(store.recent("pictures"));
    const found = await workspace.findFiles(PICTURES, ELSEWHERE, MOST_PICTURES);
    const all = new Set([
      ...recent,
      ...found
        .filter(({ scheme }) => scheme === "file")
        .map(({ fsPath }) => fsPath)
        .sort(naturalOrder),
    ]);
    return [
      ...[...all].map((file) => ({
        label: `$(file-media) ${path.basename(file)}`,
        description: folderWords(file),
        value: file,
      })),
      {
        label: `$(folder-opened) ${t("Browse…")}`,
        description: t("a picture anywhere on this machine"),
        value: BROWSE,
      },
    ];
  }
}
