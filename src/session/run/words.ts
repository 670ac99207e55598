import type { Preprocessing } from "../../base/preprocessing.ts";
import { KIND_NAMES } from "../../methods/outputs/kinds.ts";
import type { OutputSummary } from "../../shared/contract/outputs.ts";
import type { Where } from "../../shared/where.ts";

/** How the maps of several layers become one. */
export const MERGED =
  "the mean of the layers' maps, each after ReLU, enlarged to the input and divided by its layer's largest value";

/** How pictures become inputs, in a line: `(u × 0.00392157 − [0]) / [1], rgb, crop`. */
export const scalingText = ({ order, scale, mean, std, fit }: Preprocessing): string =>
  `(u × ${Number(scale.toPrecision(6))} − [${mean.join(", ")}]) / [${std.join(", ")}], ${order}, ${fit}`;

/**
 * The sentence that refuses to guess what of an output is asked about, and offers what can be. `ofPlaces`: whether it is asked for by
 * what takes places, rather than class scores of the whole picture.
 */
export function howToAsk(
  { name, kind, why, guessed, wheres, ...sizes }: OutputSummary,
  ofPlaces = true,
): string {
  const offered = wheres.flatMap((where) => OFFERS[where](sizes) ?? []);
  const labels = guessed
    ? " (if its numbers are class scores, give their names with --labels FILE)"
    : "";
  const how = ofPlaces
    ? "Say what of it is asked about with --target"
    : "It has no class scores of the whole picture; cam and attribute explain a place in it by --target";
  return `The output '${name}' is ${KIND_NAMES[kind]}${labels}: ${why} ${how}: ${offered.join(", ")}.`;
}

type Sizes = Pick<OutputSummary, "places" | "numbers" | "grid" | "classes" | "shape" | "choice">;

const last = (count: number): number => Math.max(0, count - 1);
const ofClass = ({ classes, numbers }: Sizes): string =>
  classes === 1 || numbers === 1 ? "" : `,class:0 to ${last(classes ?? numbers)}`;

/** What can be asked of an output of some size; null: it cannot. */
const OFFERS: Readonly<Record<Where["kind"], (sizes: Sizes) => string | null>> = {
  unit: (sizes) => `unit:N (0 to ${last(unitCount(sizes))})`,
  mean: (sizes) => (sizes.places > 1 ? `mean${ofClass(sizes)}` : null),
  pixel: (sizes) =>
    sizes.grid && `pixel:ROW,COLUMN (in ${sizes.grid.join(" x ")})${ofClass(sizes)}`,
  region: ({ grid }) => grid && "region:FILE.png",
  predicted: ({ grid }) => grid && "predicted",
  box: ({ places }) => `box:N (0 to ${last(places)})`,
  token: ({ places, grid }) => (places > 1 && !grid ? `token:N (0 to ${last(places)})` : null),
};

/** How many numbers of an output can be asked about one by one: channels of maps, else all. */
export const unitCount = ({
  places,
  numbers,
  grid,
}: Pick<Sizes, "places" | "numbers" | "grid">): number => (grid ? numbers : places * numbers);
