import type { OpenModel } from "../../session/index.ts";
import { pickLayers } from "../model/open.ts";

/** The layers of --layer whose heat maps are meant, by their names; `auto` is found when it is known what is asked about. */
export function camLayers(model: OpenModel, text: string | undefined): string[] {
  if (text === undefined || text === "auto") return ["auto"];
  const layers = pickLayers(model, text, {
    all: () => model.summary.layers.filter(({ spatial }) => spatial).map(({ name }) => name),
    auto: () => [],
  });
  return layers.map(({ name }) => name);
}
