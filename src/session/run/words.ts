import type { Preprocessing } from "../../base/preprocessing.ts";
import type { Output } from "../../methods/outputs/index.ts";
import { KIND_NAMES } from "../../methods/outputs/kinds.ts";
import type { Shape } from "../../base/tensor.ts";
import { CAM_METHODS, type CamMethod } from "../../shared/catalogue.ts";
import type { ModelSummary } from "../../shared/contract/model.ts";
import type { CamAbout } from "../../shared/method.ts";
import type { OutputSummary } from "../../shared/contract/outputs.ts";
import type { Where } from "../../shared/where.ts";

/** How the maps of several layers become one. */
export const MERGED =
  "the mean of the layers' maps, each after ReLU, enlarged to the input and divided by its layer's largest value";

type OfLayers = Pick<ModelSummary, "name" | "inputs" | "pictures" | "layers">;

/** Why a method finds no layer by itself in a model: what is there in place of one, and what can be done. */
export function noLayerFor(
  { name, inputs, pictures, layers }: OfLayers,
  method: CamMethod,
): string {
  const { ofAttention }: CamAbout = CAM_METHODS[method];
  const opaque = layers.find((layer) => layer.opaque !== null);
  if (pictures.length === 0) {
    const all = inputs.map((one) => `'${one.name}' (${shapeText(one.shape)})`).join(", ");
    return `${name} takes no picture, so there is nothing that a heat map could lie over: its inputs are ${all}.`;
  }
  if (opaque)
    return `No layer of ${name} that its answer depends on lies over the picture: '${opaque.name}' (${opaque.className}) is not run: ${opaque.opaque ?? ""}`;
  if (ofAttention)
    return `No layer of ${name} that its answer depends on attends from place to place of a picture, and attention rollout multiplies those that do; other methods need none.`;
  const count = layers.filter(({ spatial, op }) => spatial && op !== "input").length;
  return count > 0
    ? `No layer of ${name} that lies over the picture (${count}) carries features to its answer; choose one by its name.`
    : `No cell of any layer of ${name} is a position of the picture: the first layer looks at all of it. Attributions need no such layer.`;
}
const shapeText = (shape: Shape): string => shape.map((size) => size ?? "N").join(" x ");

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
  // names make no classes of points
  const labels =
    guessed && kind !== "heat-maps"
      ? " (if its numbers are class scores, give their names with --labels FILE)"
      : "";
  const how = ofPlaces
    ? "Say what of it is asked about with --target"
    : "It has no class scores of the whole picture; what explains takes a place in it by --target";
  return `The output '${name}' is ${KIND_NAMES[kind]}${labels}: ${why} ${how}: ${offered.join(", ")}.`;
}

/** What a map, or a maximised picture, of one number shows: never silently the other way round. null: it is of a class. */
export function meaningOf({ output, where, pick }: Of, index: number): string | null {
  if (where?.kind === "like") return "what makes the embeddings more alike";
  if (output.classes !== null && pick?.number === undefined) return null;
  return where === null && index === 0 ? "what lowers the value" : "what raises the value";
}
interface Of {
  readonly output: Pick<Output, "classes">;
  readonly where: Where | null;
  readonly pick: { readonly number?: number } | null;
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
  like: () => "like:PICTURE (how alike its embedding is)",
  region: ({ grid }) => grid && "region:FILE.png",
  polygon: ({ grid }) => grid && "polygon:ROW,COLUMN,ROW,COLUMN,ROW,COLUMN",
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
