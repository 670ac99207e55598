import path from "node:path";
import { Uri, workspace } from "vscode";
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
/** The workbench draws these itself, as they are: larger ones would keep it busy. */
const DRAWN = /\.(png|jpe?g|webp|gif|bmp)$/i;
const MOST_DRAWN_BYTES = 2 << 20;

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
      ...(await Promise.all([...all].map(pictureChoice))),
      {
        icon: "folder-opened",
        label: t("Browse…"),
        description: t("a picture anywhere on this machine"),
        value: BROWSE,
      },
    ];
  }
}

/** A picture in small, where the workbench can draw it. */
async function pictureChoice(file: string): Promise<Choice<string>> {
  const uri = Uri.file(file);
  const size = DRAWN.test(file) ? await sizeOf(uri) : Infinity;
  const name = path.basename(file);
  const look =
    size <= MOST_DRAWN_BYTES ? { label: name, iconPath: uri } : { icon: "file-media", label: name };
  return { ...look, description: folderWords(file), value: file };
}

const sizeOf = (uri: Uri): Promise<number> =>
  Promise.resolve(workspace.fs.stat(uri)).then(
    ({ size }) => size,
    () => Infinity,
  );
