/** A colour for each class of a drawing: hues a golden angle apart, so that neighbours in number look unlike. */

const GOLDEN = 137.508;

/** [red, green, blue], 0..255, of a class. */
export function classColour(index: number): readonly [number, number, number] {
  const hue = ((index * GOLDEN) % 360) / 60;
  const value = index % 2 === 0 ? 1 : 0.8;
  const channel = (shift: number): number => {
    const place = (shift + hue) % 6;
    const share = Math.max(0, Math.min(place, 4 - place, 1));
    return Math.round(255 * (value - value * 0.85 * share));
  };
  return [channel(5), channel(3), channel(1)];
}

/** The same as #rrggbb. */
export const colourText = (index: number): string =>
  `#${classColour(index)
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("")}`;
