/** Detectors whose coordinates and class scores are several outputs: SSD, RetinaNet, DETR, CenterNet, heads at several scales. */
import { formByColumns } from "./columns.ts";
import { mapOf, type Map4 } from "./maps-of.ts";
import { NO_ANCHORS, pairedParts } from "./pairs.ts";
import type { BoxForm, Boxes, Facts, Layout, Part } from "./types.ts";

/** The parts by the output's index; empty: the outputs are no detector together. */
export function detectorParts(all: readonly Facts[]): ReadonlyMap<number, Part> {
  const parts = new Map<number, Part>();
  for (const [index, facts] of all.entries()) {
    const coordinates = coordinatesOf(facts);
    if (!coordinates) continue;
    const scores = scoresBeside(all, index, coordinates.count, parts);
    if (scores === null) continue;
    const own = all[scores];
    if (!own) continue;
    const named = namesBeside(all, index, scores, coordinates.count);
    const boxes: Boxes = {
      coordinates: { output: index, from: 0, form: formOf(facts, own, named !== null) },
      ...{ objectness: null, scores, named: null, ids: named, pixels: false, peaks: null },
      ...apartOf(facts, own, named !== null),
    };
    const why = `'${facts.spec.name}' has 4 coordinates, '${own.spec.name}' the scores of the same ${coordinates.count} boxes.`;
    const common = { why, guessed: false, boxes, places: coordinates.count };
    parts.set(index, { ...common, layout: coordinates.layout, numbers: 4, classes: null });
    const [first, second] = own.axes;
    const at = own.axes.find(({ size }) => size === coordinates.count) ?? first;
    const numbers = at === first ? second : first;
    parts.set(scores, {
      ...common,
      layout: { places: at ? [at.index] : [], numbers: numbers?.index ?? null, split: 1 },
      ...{ numbers: numbers?.size ?? 1, classes: [0, numbers?.size ?? 1] },
    });
    if (named !== null && at)
      parts.set(named, {
        ...{ ...common, numbers: 1, classes: null },
        layout: { places: [all[named]?.axes[0]?.index ?? 1], numbers: null, split: 1 },
      });
  }
  return parts.size > 0 ? parts : gridParts(all);
}

/** An output of 4 numbers for each of many boxes. */
function coordinatesOf({ axes, end }: Facts): { count: number; layout: Layout } | null {
  const [first, second, ...more] = axes;
  if (!first || !second || more.length > 0 || end.activation === "softmax") return null;
  const numbers = second.size === 4 ? second : first.size === 4 ? first : null;
  const boxes = numbers === second ? first : second;
  const isSequence = boxes.along === "columns" || boxes.along === "rows";
  if (!numbers || boxes.size === 4 || isSequence) return null;
  return { count: boxes.size, layout: { places: [boxes.index], numbers: numbers.index, split: 1 } };
}

function scoresBeside(
  all: readonly Facts[],
  coordinates: number,
  count: number,
  taken: ReadonlyMap<number, unknown>,
): number | null {
  const fits = (index: number): boolean => {
    const { axes, spec } = all[index] ?? {};
    if (!axes || index === coordinates || taken.has(index) || spec?.dtype !== "float32")
      return false;
    const wanted = axes.some(({ size }) => size === count);
    return wanted && axes.length <= 2 && !/box|label|class_?id/i.test(spec.name);
  };
  const indices = all.map((_, index) => index).filter(fits);
  // two axes (a score for each class) before one
  return indices.find((index) => all[index]?.axes.length === 2) ?? indices[0] ?? null;
}
/** Class numbers of boxes that have one score each. */
function namesBeside(
  all: readonly Facts[],
  coordinates: number,
  scores: number,
  count: number,
): number | null {
  if (all[scores]?.axes.length !== 1) return null;
  const found = all.findIndex(
    ({ axes }, index) =>
      index !== coordinates && index !== scores && axes.length === 1 && axes[0]?.size === count,
  );
  return found < 0 ? null : found;
}

const UNNAMED =
  "Nothing tells which of the maps of 2 numbers are sizes and which offsets, so only scores are told.";

/** What non-maximum suppression such boxes need, and what is said of them where they are not decoded. */
function apartOf(facts: Facts, scores: Facts, named: boolean): Pick<Boxes, "suppression" | "read"> {
  const form = formOf(facts, scores, named);
  // a number for each of a set of queries, none of which another may repeat (DETR, Carion et al. 2020)
  const set = form === "centre" && facts.end.maker === "dense";
  return {
    suppression: set || named ? "none" : "overlap",
    read: form === "not decoded" ? NO_ANCHORS : null,
  };
}

function formOf(facts: Facts, scores: Facts, named: boolean): BoxForm {
  const { end, graph } = facts;
  if (graph.format.startsWith("TensorFlow Lite") && named) return "corners, y first";
  // as the Object Detection API of TensorFlow calls and lays them
  if (/(^|\W|raw_)detection_boxes/.test(facts.spec.name)) return "corners, y first";
  if (end.activation === "sigmoid" && !end.scaled) return "centre";
  const numbers = facts.axes.findLast(({ size }) => size === 4);
  const told = numbers ? formByColumns(facts, numbers.index) : null;
  if (told !== null) return told;
  const raw =
    end.activation === null &&
    (end.maker === "joined" || end.maker === "conv" || end.maker === "pointwise");
  return raw && scores.axes.length === 2 ? "not decoded" : "corners";
}

/** CenterNet: a map of scores for each class beside maps of sizes and offsets; YOLO before decoding: numbers of anchors at each cell. */
function gridParts(all: readonly Facts[]): ReadonlyMap<number, Part> {
  const maps = all.map(({ axes }) => mapOf(axes));
  const parts = new Map<number, Part>();
  const pairs = pairedParts(all, maps);
  if (pairs.size > 0) return pairs;
  const heat = heatOf(all, maps);
  for (const [index, map] of maps.entries()) {
    const facts = all[index];
    if (!map || !facts) continue;
    const anchors = anchorsOf(map, maps, facts);
    const centre = heat >= 0;
    if (!centre && anchors === null) continue;
    const split = centre ? 1 : (anchors ?? 1);
    const numbers = map.numbers / split;
    const isScores = centre ? index === heat : true;
    parts.set(index, {
      why: centre
        ? `'${all[heat]?.spec.name}' has a sigmoid for each class at each cell, and maps of 2 numbers (sizes, offsets) lie beside it.`
        : `${split} anchors at each of ${map.rows} x ${map.columns} cells, with 4 coordinates, an objectness and ${numbers - 5} class scores each.`,
      guessed: !centre,
      layout: { places: map.places, numbers: map.axis, split },
      ...{ places: map.rows * map.columns * split, numbers },
      classes: isScores ? (centre ? [0, numbers] : [5, numbers]) : null,
      boxes: {
        coordinates: centre ? null : { output: index, from: 0, form: "not decoded" },
        ...{ objectness: centre ? null : 4, scores: centre ? heat : index, named: null, ids: null },
        ...{ suppression: centre ? "peaks" : "overlap", pixels: false },
        read: centre ? UNNAMED : NO_ANCHORS,
        peaks: centre ? [map.rows, map.columns] : null,
      },
    });
  }
  return parts;
}

/** The one map of sigmoids among outputs that, but for it, are maps of 2 numbers without an activation; -1: there is none. */
function heatOf(all: readonly Facts[], maps: readonly (Map4 | null)[]): number {
  const heat = all.findIndex(({ end }) => end.activation === "sigmoid" && !end.scaled);
  const cells = maps[heat]?.cells;
  const fits = maps.every(
    (map, i) =>
      map?.cells === cells &&
      (i === heat || (map?.numbers === 2 && all[i]?.end.activation === null)),
  );
  return heat >= 0 && cells !== undefined && maps.length > 1 && fits ? heat : -1;
}

/** How many anchors each cell has in the axis of numbers (1: an axis of their own); null: nothing says that there are any. */
function anchorsOf(
  map: Map4,
  maps: readonly (Map4 | null)[],
  { end, picture }: Facts,
): number | null {
  if (end.activation !== null || end.enlarged) return null;
  if (map.apart !== null) return map.apart <= 9 && map.numbers > 5 ? 1 : null;
  const alike = maps.filter((other) => other?.numbers === map.numbers);
  const scales = new Set(alike.map((other) => other?.cells)).size;
  if (scales > 1 && map.numbers % 3 === 0 && map.numbers / 3 > 5) return 3;
  const coarse = picture !== null && picture[0] / map.rows >= 16;
  return maps.length === 1 && coarse && map.numbers % 5 === 0 && map.numbers / 5 > 5 ? 5 : null;
}
