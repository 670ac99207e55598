import path from "node:path";
import type { Handlers } from "../../rpc/index.ts";
import type { PanelContract } from "../../shared/contract/panel.ts";
import { t } from "../../shared/l10n.ts";
import type { Core } from "../core.ts";
import { showInformation } from "../notices.ts";
import { listed, textOf } from "./call-rules.ts";
import { checkBytes, checkPicture } from "./calls.ts";
import { droppedPictures } from "./dropped-pictures.ts";
import { pickFolder, pickInput, pickPictures, safeName, saveAs } from "./files.ts";
import { keepPicture, MOST_KEPT } from "./kept-pictures.ts";

type FileCall = "pickImages" | "pickInput" | "pickFolder" | "keepImage" | "resolveUris" | "save";

let saidOnce = false;
/** In the log each time, to the person once: a page may send as many as it likes. */
function sayRemoved(log: Core["log"], removed: number): void {
  log.info(`Of the pictures that were dropped or pasted the oldest were removed (${removed}).`);
  if (saidOnce) return;
  saidOnce = true;
  void showInformation(
    t(
      "Of pictures that were dropped or pasted the last {0} are kept, and at most {1} MB; the oldest were removed.",
      MOST_KEPT.pictures,
      MOST_KEPT.bytes / 2 ** 20,
    ),
  );
}

/** What a person chooses, drops or saves in a panel; what they choose, the page may name from then on. */
export function fileCalls(
  { extension, pictures, log }: Pick<Core, "extension" | "pictures" | "log">,
  shown: () => { readonly model: string; readonly image: string | null },
): Pick<Handlers<PanelContract>, FileCall> {
  const folder = (): string => path.dirname(shown().image ?? shown().model);
  return {
    pickImages: async () => {
      const picked = await pickPictures(folder());
      pictures.allow(...picked);
      return picked;
    },
    pickInput: async ({ name }) => {
      const picked = await pickInput(path.dirname(shown().model), textOf(name));
      pictures.allow(picked);
      return picked;
    },
    pickFolder: async ({ ofClasses }) => {
      const picked = await pickFolder(folder(), ofClasses);
      pictures.allow(picked);
      return picked;
    },
    keepImage: async ({ name, bytes }) => {
      checkPicture(bytes);
      const storage = extension.storageUri ?? extension.globalStorageUri;
      const own = safeName(textOf(name), "picture.png");
      const { file, removed } = await keepPicture(storage.fsPath, own, bytes);
      pictures.allow(file);
      if (removed > 0) sayRemoved(log, removed);
      return file;
    },
    resolveUris: async ({ uris }) => {
      const dropped = await droppedPictures(listed(uris).map(textOf));
      pictures.allow(...dropped);
      return dropped;
    },
    save: ({ name, bytes }) => {
      checkBytes(bytes);
      return saveAs(shown().model, textOf(name), bytes);
    },
  };
}
