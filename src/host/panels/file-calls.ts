import path from "node:path";
import type { Handlers } from "../../rpc/index.ts";
import type { PanelContract } from "../../shared/contract/panel.ts";
import type { Core } from "../core.ts";
import { listed, textOf } from "./call-rules.ts";
import { checkBytes, checkPicture } from "./calls.ts";
import { droppedPictures } from "./dropped-pictures.ts";
import { keepPicture, pickFolder, pickPictures, saveAs } from "./files.ts";

type FileCall = "pickImages" | "pickFolder" | "keepImage" | "resolveUris" | "save";

/** What a person chooses, drops or saves in a panel; what they choose, the page may name from then on. */
export function fileCalls(
  { extension, pictures }: Pick<Core, "extension" | "pictures">,
  shown: () => { readonly model: string; readonly image: string | null },
): Pick<Handlers<PanelContract>, FileCall> {
  const folder = (): string => path.dirname(shown().image ?? shown().model);
  return {
    pickImages: async () => {
      const picked = await pickPictures(folder());
      pictures.allow(...picked);
      return picked;
    },
    pickFolder: async () => {
      const picked = await pickFolder(folder());
      pictures.allow(picked);
      return picked;
    },
    keepImage: async ({ name, bytes }) => {
      checkPicture(bytes);
      const storage = extension.storageUri ?? extension.globalStorageUri;
      const kept = await keepPicture(storage, textOf(name), bytes);
      pictures.allow(kept);
      return kept;
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
