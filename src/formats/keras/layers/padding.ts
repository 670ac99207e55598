import { at } from "../../../base/at.ts";
import { flatNumbers, isList } from "../../json.ts";
import { pad } from "../../lower/index.ts";
import { Impossible, Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

type Border = readonly [before: number, after: number];

/** `1`, `[1, 2]` (rows, columns; or left, right of a sequence) or `[[1, 2], [3, 4]]`, per spatial axis. Throws `Impossible` below 0. */
function borders({ config, l }: LayerCall, key: string, axes: number): Border[] {
  const value = config.get(key);
  return Array.from({ length: axes }, (_, axis) => {
    const own = axes > 1 && isList(value) ? value[axis] : value;
    const [before = 1, after = before] = flatNumbers(own) ?? [];
    if (![before, after].every((cells) => Number.isSafeInteger(cells) && cells >= 0))
      throw new Impossible(`'${l.name}' has the ${key} ${JSON.stringify(value)}`);
    return [before, after] as const;
  });
}

/** Zeros around the positions, or (`sign` -1) as many cells cut off. */
const bordered = (key: string, sign: 1 | -1): LayerSpec => ({
  lower: (call) => {
    const axes = call.positionAxes;
    if (axes.length < 1 || axes.length > 3)
      throw new Unsupported(`it works on tensors of rank ${call.rank}`);
    const around = borders(call, key, axes.length);
    const [before, after] = [0, 1].map((side) =>
      call.x.shape.map((_, axis) => {
        const place = axes.indexOf(axis);
        return place < 0 ? 0 : sign * at(at(around, place), side);
      }),
    );
    return pad(call.l, call.x, before ?? [], after ?? [], "constant");
  },
});
/** `ZeroPadding1D`, `ZeroPadding2D` and `ZeroPadding3D`: `padding` zeros on each side, 1 by default. */
export const zeroPadding = bordered("padding", 1);
/** `Cropping1D`, `Cropping2D` and `Cropping3D`: `cropping` cells less on each side. */
export const cropping = bordered("cropping", -1);
