/** What can be kept of filters or maps that are compared. */
import type { Both, ComparedTiles } from "../../../src/shared/contract/compare.ts";
import type { App } from "../../common/state/app.ts";
import { pngOf } from "../../common/drawing/raster.ts";
import { fileName } from "../../common/text/file-name.ts";
import type { Keepable } from "../../components/export/keep.ts";
import type { Against } from "./compare.ts";

export function tilesKeepable(
  { summary, remote }: App,
  { image, otherImage }: Against,
  kind: "filters" | "maps",
  page: ComparedTiles,
  canvas: () => HTMLCanvasElement | null,
): Keepable {
  const [layer] = page.layers;
  const pictures: Both<string> | null = kind === "maps" ? [image ?? "", otherImage ?? ""] : null;
  const all = () => remote.compareNumbers({ layer, pictures, index: null });
  return {
    name: fileName(summary.name, layer, `compared-${kind}`),
    picture: async () => {
      const drawn = canvas();
      return drawn && pngOf(drawn);
    },
    // A, B and B - A, one after another
    numbers: page.difference
      ? async () => {
          const { shapes, values, difference } = await all();
          const size = values[0].length;
          const data = new Float32Array(3 * size);
          [values[0], values[1], difference ?? []].forEach((part, i) => data.set(part, i * size));
          return { shape: [3, ...shapes[0]], data };
        }
      : null,
    json: () => ({
      ...{ layers: page.layers, shapes: page.shapes, range: page.range, relative: page.relative },
      ...{ largest: page.largest, change: page.change },
    }),
  };
}
