/**
 * What each control does, in one plain sentence, by its name. Methods, and controls that have a sentence of their own, are not
 * among them.
 */
import { t } from "../../common/text/l10n.ts";

const SENTENCES: ReadonlyMap<string, string> = new Map([
  [
    t("Method"),
    t("How the picture below is computed: each method asks the network in another way."),
  ],
  [t("Layer"), t("The layer that is looked at: a late one knows classes, an early one edges.")],
  [t("Beside"), t("A second method, drawn below the first for comparison.")],
  [t("Opacity"), t("How much the colours cover the picture below them.")],
  [t("Colour map"), t("Which colour stands for which value; the values stay the same.")],
  [t("Steps"), t("How often it is repeated: more is finer, and takes longer.")],
  [t("Samples"), t("How many samples are averaged: more is smoother, and takes longer.")],
  [
    t("Masks"),
    t("How many random masks are laid over the picture: more is finer, and takes longer."),
  ],
  [
    t("Window"),
    t("The side of the square that is covered, in pixels: smaller is finer, and takes longer."),
  ],
  [t("Seed"), t("Where random numbers begin: the same seed gives the same result.")],
  [
    t("Baseline"),
    t("The picture that stands for “nothing there”, which the own picture is compared with."),
  ],
  [t("Size"), t("How large the tiles are drawn.")],
  [t("Sort"), t("The order of the tiles.")],
  [t("Filter"), t("The number of the filter, from 0, in the order of the file.")],
  [t("Output"), t("Which output of the network is asked about.")],
  [t("Population"), t("How many candidates there are at a time: more find more, and take longer.")],
  [t("Generations"), t("How often the candidates are improved: more find more, and take longer.")],
  [t("Pixels tried"), t("How many pixels are tried, those first that the gradient ranks first.")],
  [t("Copies"), t("How many pictures are made of each target, from different beginnings.")],
  [
    t("Pre-activation"),
    t("Shows the numbers before the layer's own activation, negative ones too."),
  ],
  [t("Only differences"), t("Leaves out the layers that are the same in both.")],
  [t("Difference"), t("The scale on which the difference is drawn; its numbers stay the same.")],
  [t("Channel"), t("The input channel of the kernels that is drawn.")],
  [
    t("Channel order"),
    t("Whether the network was trained on red, green, blue, or the other way round."),
  ],
  [
    t("Fit"),
    t(
      "Whether the middle of a picture is cut out, or the whole is squashed into the input's shape.",
    ),
  ],
]);

/** What the control of this name does; null where nothing is said of it. */
export const sentenceAbout = (control: string): string | null => SENTENCES.get(control) ?? null;
