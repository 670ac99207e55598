/** What can be kept of filters or maps that are compared. */
import type { Both, ComparedTiles } from "../../../src/shared/contract/compare.ts";
import type { App } from "../../common/state/index.ts";
import { fileName } from "../../common/text/index.ts";
import type { Keepable, Numbers } from "../../components/export/keepable.ts";

/**
 * The page as a picture, the layer's numbers (A, B and B - A as [3, ...shape], where they can be
 * subtracted) and the measures of the comparison as JSON.
 */
export function tilesKeepable(
  { summary, remote }: App,
  kind: "filters" | "maps",
  pictures: Both<string> | null,
  page: ComparedTiles,
  picture: () => Promise<Uint8Array | null>,
): Keepable {
  const { layers, shapes, range, relative, largest, change } = page;
  const [layer] = layers;
  /** A, B and B - A, one after another. */
  const numbers = async (): Promise<Numbers | null> => {
    const all = await remote.compareNumbers({ layer, pictures, index: null });
    const { values, difference } = all;
    if (!difference) return null;
    const size = difference.length;
    const data = new Float32Array(3 * size);
    [...values, difference].forEach((part, i) => data.set(part, i * size));
    return { shape: [3, ...all.shapes[0]], data };
  };
  return {
    name: fileName(summary.name, layer, `compared-${kind}`),
    picture,
    numbers: page.difference && numbers,
    json: () => ({ layers, shapes, range, relative, largest, change }),
  };
}
