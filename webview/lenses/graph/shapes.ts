import { at } from "../../../src/base/at.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { layerShape } from "../../common/text/index.ts";
import type { Drawing, Line } from "./layout/types.ts";

/**
 * What flows along lines, in words: where it is one thing, once for each node that gives it (on its shortest line), and not again inside a
 * block that it flows into or out of.
 */
export function shapesOn(
  { boxes, lines }: Drawing,
  layers: readonly LayerSummary[],
): ReadonlyMap<Line, string> {
  const parents = new Map(boxes.map(({ key, parent }) => [key, parent]));
  const said = new Map<string, Line>();
  const texts = new Map<Line, string>();
  for (const line of lines) {
    const { from, to } = line;
    const shape = shapeOf(line.layers, layers);
    if (shape === null || parents.get(to) === from || parents.get(from) === to) continue;
    texts.set(line, shape);
    const key = `${from} ${shape}`;
    const before = said.get(key);
    if (!before || line.points.length < before.points.length) said.set(key, line);
  }
  const kept = new Set(said.values());
  return new Map([...texts].filter(([line]) => kept.has(line)));
}

/** What layers give, where it is known and the same of all. */
function shapeOf(places: readonly number[], layers: readonly LayerSummary[]): string | null {
  const given = places.map((place) => at(layers, place));
  const shapes = new Set(given.map((layer) => layer.outputShape && layerShape(layer)));
  const [only] = shapes;
  return shapes.size === 1 ? (only ?? null) : null;
}
