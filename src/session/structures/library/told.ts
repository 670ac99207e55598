/** What the library that a network comes from says of pictures and classes. */
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
      scaling: { order: "rgb", scale: 1 / 255, mean, std, why: whyOf(pictures), guessed: true },
    }),
    assumed: [
      `pictures of ${side} x ${width}, unless it was trained with others`,
      ...(labels ? [`its ${labels.length} classes: those of ${list ?? ""}`] : []),
    ],
  };
}

/** In one sentence, with what is not done here. */
function whyOf({ by, cropped, interpolation }: Known["network"]["pictures"]): string {
  const crop =
    cropped && cropped < 1
      ? ` There the middle ${Math.round(100 * cropped)} % are cut out${interpolation ? ` after ${interpolation} resizing` : ""}; here the largest middle square is taken.`
      : "";
  return `Not in the file: scaled as ${by} says.${crop}`;
}
