import type { OpenModel } from "../session/index.ts";
import { inputError, usageError } from "../shared/errors.ts";
import { pickLayers } from "./open.ts";

/** The one layer of --layer whose heat map is meant, with the reason; `auto` takes the last with positions. */
export function camLayer(
  model: OpenModel,
  text: string | undefined,
): { name: string; why: string } {
  const auto = model.summary.camLayer;
  const [layer, ...others] = pickLayers(model, text, {
    all: () => [],
    auto: () => {
      if (auto) return [auto.name];
      throw inputError(`${model.summary.name} has no layer with positions before its scores.`);
    },
  });
  if (!layer || others.length > 0)
    throw usageError("A heat map takes one layer: --layer NAME or auto.");
  const chosen = text !== undefined && text !== "auto";
  return { name: layer.name, why: chosen ? "Chosen with --layer." : (auto?.why ?? "") };
}
