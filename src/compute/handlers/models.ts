import path from "node:path";
import { modelView, thumbnail } from "../../pictures/index.ts";
import { pictureInput, pictureSize, writeSidecar } from "../../session/index.ts";
import type { State } from "../state.ts";
import type { Part } from "./timed.ts";

const THUMBNAIL_SIDE = 96;

export function modelHandlers(
  state: State,
): Part<"summary" | "release" | "setPreprocessing" | "saveSidecar" | "image" | "modelView"> {
  return {
    summary: async ({ model }) => (await state.model(model)).summary,
    release: ({ model }) => state.release(model),
    setPreprocessing: async ({ model, preprocessing }) =>
      (await state.setPreprocessing(model, preprocessing)).summary,
    saveSidecar: async ({ model }) => {
      const { preprocessing } = await state.model(model);
      return writeSidecar(model, preprocessing);
    },
    image: async (params) => {
      const { picture } = await state.pictures.read(params.path);
      return {
        path: params.path,
        name: path.basename(params.path),
        width: picture.width,
        height: picture.height,
        thumbnail: thumbnail(picture, THUMBNAIL_SIDE),
      };
    },
    modelView: async ({ model, image }) => {
      const open = await state.model(model);
      const { picture } = await state.pictures.read(image);
      return modelView(picture, open.preprocessing, pictureSize(pictureInput(open.graph)));
    },
  };
}
