/** What the library that a network comes from says of pictures and classes. */
import { isCropped, isInterpolation, type Resizing } from "../../../base/preprocessing.ts";
import type { Match, Told } from "../../../formats/index.ts";
import { libraryLabels } from "./index-file.ts";
import type { Known } from "./library.ts";

/** Only what these weights leave as it was there: with other classes, or other channels, it does not hold. */
export async function toldOf({ network }: Known, { fit }: Match): Promise<Told> {
  const { pictures, labels: list } = network;
  const [side, width] = network.side;
  const labels = fit.solved.length === 0 && list !== null ? await libraryLabels(list) : null;
  const { mean, std } = pictures;
  const isColour = !fit.solved.some(({ from }) => from === mean.length);
  return {
    ...(labels && { labels }),
    ...(isColour && {
      scaling: {
        ...{ order: "rgb", scale: 1 / 255, mean, std, ...resizingOf(pictures) },
        ...{ why: `Not in the file: as ${pictures.by} says.`, guessed: true },
      },
    }),
    assumed: [
      `pictures of ${side} x ${width}, unless it was trained with others`,
      ...(labels ? [`its ${labels.length} classes: those of ${list ?? ""}`] : []),
    ],
  };
}

function resizingOf({ cropped, interpolation }: Known["network"]["pictures"]): Partial<Resizing> {
  return {
    ...(isCropped(cropped) && cropped < 1 && { cropped }),
    ...(isInterpolation(interpolation) && { interpolation }),
  };
}
