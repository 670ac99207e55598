/** Heads of a detector as pairs of maps. */
import type { Map4 } from "./maps-of.ts";
import type { Facts, Part } from "./types.ts";

/** Why boxes are not decoded. */
export const NO_ANCHORS =
  "The file has no anchors, to which its boxes are relative, so only scores are told.";
const unproven = (anchors: number, grids: number): string =>
  `The file has no anchors, to which its boxes are relative, and ${anchors} at each cell of ${grids} such grids are those of no published rule that is known here, so boxes are not decoded and only scores are told.`;

/** SSD, RetinaNet, EfficientDet before decoding, by the output's index: on each grid a map of coordinates, and one of class scores of the same anchors; empty: they are none. */
export function pairedParts(
  all: readonly Facts[],
  maps: readonly (Map4 | null)[],
): ReadonlyMap<number, Part> {
  const parts = new Map<number, Part>();
  const grids = new Map<string, number[]>();
  for (const [index, map] of maps.entries()) {
    if (!map || map.apart !== null) return parts;
    grids.set(map.cells, [...(grids.get(map.cells) ?? []), index]);
  }
  const pairs = [...grids.values()];
  if (pairs.length < 2 || pairs.some(({ length }) => length !== 2)) return parts;
  const numbersOf = (index: number): number => maps[index]?.numbers ?? 0;
  /** How many classes each anchor has, where these outputs have the coordinates; null: that does not come out even. */
  const classesBy = (boxes: readonly number[]): number | null => {
    const each = pairs.map((pair, i) => {
      const [own, other] = [boxes[i] ?? -1, pair.find((index) => index !== boxes[i]) ?? -1];
      return (4 * numbersOf(other)) / numbersOf(own);
    });
    const [classes = 0] = each;
    const even = pairs.every((_, i) => numbersOf(boxes[i] ?? -1) % 4 === 0);
    return even && Number.isInteger(classes) && new Set(each).size === 1 ? classes : null;
  };
  const sides = [0, 1].map((side) => pairs.map((pair) => pair[side] ?? -1));
  const fits = sides.filter((boxes) => classesBy(boxes) !== null);
  const called = fits.find((boxes) =>
    boxes.every((i) => /box|loc|reg/i.test(all[i]?.spec.name ?? "")),
  );
  const boxes = called ?? (fits.length === 1 ? fits[0] : undefined);
  const classes = boxes && classesBy(boxes);
  if (!boxes || classes === null || classes === undefined) return parts;
  for (const [i, pair] of pairs.entries()) {
    const coordinates: number = boxes[i] ?? -1;
    const scores = pair.find((index) => index !== coordinates) ?? -1;
    const anchors = numbersOf(coordinates) / 4;
    for (const index of pair) {
      const map = maps[index];
      if (!map) continue;
      const numbers = map.numbers / anchors;
      parts.set(index, {
        why: `On each of ${pairs.length} grids '${all[coordinates]?.spec.name}' and its like have 4 coordinates, '${all[scores]?.spec.name}' ${classes} class scores of ${anchors} anchors.`,
        guessed: true,
        layout: { places: map.places, numbers: map.axis, split: anchors },
        ...{ places: map.rows * map.columns * anchors, numbers },
        classes: index === scores ? [0, classes] : null,
        boxes: {
          coordinates: { output: coordinates, from: 0, form: "not decoded" },
          ...{ objectness: null, scores, named: null, ids: null, pixels: false, peaks: null },
          ...{ suppression: "overlap", read: unproven(anchors, pairs.length) },
        },
      });
    }
  }
  return parts;
}
