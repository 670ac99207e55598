import path from "node:path";
import { anyArray, held, thumbnail } from "../../pictures/index.ts";
import {
  chooseStructure,
  isArray,
  readArray,
  keepLabels,
  structureChoices,
  viewOf,
  writeInputs,
  writeSidecar,
} from "../../session/index.ts";
import type { ImageInfo } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { isPreprocessing } from "../../base/preprocessing.ts";
import { networkGraph } from "../../methods/blocks/index.ts";
import type { OpenModels } from "../../session/index.ts";
import type { Part } from "./timed.ts";

const THUMBNAIL_SIDE = 96;

/** What changes how a model is answered about. */
export function choiceHandlers(
  models: OpenModels,
): Part<
  | "release"
  | "setPreprocessing"
  | "saveSidecar"
  | "keepLabels"
  | "chooseStructure"
  | "structureChoices"
> {
  return {
    release: ({ model }) => models.release(model),
    setPreprocessing: async ({ model, preprocessing, labels }) => {
      if (preprocessing !== null && !isPreprocessing(preprocessing))
        throw usageError(
          "Preprocessing is an order, numbers that are finite, and a std without 0.",
        );
      return (await models.setPreprocessing(model, preprocessing, labels)).summary;
    },
    saveSidecar: async ({ model, inputs }) => {
      const opened = await models.model(model);
      return inputs === undefined
        ? writeSidecar(model, opened.preprocessing)
        : writeInputs(opened, inputs);
    },
    keepLabels: async ({ model, labels }) => keepLabels(await models.model(model), labels),
    structureChoices: async ({ model }) => structureChoices(await models.model(model)),
    chooseStructure: ({ model, structure }) => chooseStructure(model, structure),
  };
}

/** Open models as they are; pictures, and as the network sees them. */
export function modelHandlers(
  models: OpenModels,
): Part<"summary" | "graph" | "image" | "modelView"> {
  return {
    summary: async ({ model }) => (await models.model(model)).summary,
    graph: async ({ model }) => networkGraph((await models.model(model)).summary.layers),
    image: async (params) => {
      if (isArray(params.path)) return arrayInfo(params.path);
      const { picture } = await models.pictures.read(params.path);
      return {
        path: params.path,
        name: path.basename(params.path),
        width: picture.width,
        height: picture.height,
        thumbnail: await thumbnail(picture, THUMBNAIL_SIDE),
        notes: picture.notes(),
      };
    },
    modelView: async ({ model, image, on = null }) =>
      viewOf(await models.modelFor(model, image), models.pictures, image, on),
  };
}

/** An array as it is shown in the strip. */
async function arrayInfo(file: string): Promise<ImageInfo> {
  const array = await readArray(file);
  const view = anyArray(array);
  if (!view)
    throw inputError(
      `${file} is no picture, series or volume: its shape is (${array.shape.join(", ")}).`,
    );
  const { width, height, rgba } = view;
  const rgb = rgba.filter((_, i) => i % 4 !== 3);
  const picture = held({ width, height, rgb, notes: [] });
  return {
    ...{ path: file, name: path.basename(file), width, height },
    thumbnail: await thumbnail(picture, THUMBNAIL_SIDE),
    notes: [],
  };
}
