import { MERGED, noLayerFor, type OpenModel } from "../../session/index.ts";
import { inputError } from "../../base/errors.ts";
import type { CamMethod } from "../../shared/catalogue.ts";
import type { Layer } from "../../graph/index.ts";
import { pickLayers } from "../model/open.ts";

/** The layers of --layer whose heat maps are meant, with the reason; `auto` takes the last with positions. */
export function camLayers(
  model: OpenModel,
  {
    layer: text,
    on,
    output,
    method = "grad-cam",
  }: {
    layer: string | undefined;
    on: string | null;
    output: string | null;
    method?: CamMethod;
  },
): { layers: Layer[]; why: string } {
  const own = (): ReturnType<OpenModel["camLayerOf"]> =>
    model.camLayerOf(model.outputs.find(output), on, method);
  const layers = pickLayers(model, text, {
    all: () => model.summary.layers.filter(({ spatial }) => spatial).map(({ name }) => name),
    auto: () => {
      const auto = own();
      if (auto) return [auto.name];
      throw inputError(noLayerFor(model.summary, method));
    },
  });
  if (layers.length > 1) return { layers, why: MERGED };
  const chosen = text !== undefined && text !== "auto";
  return { layers, why: chosen ? "Chosen with --layer." : (own()?.why ?? "") };
}
