import type { CamQuestion } from "../../shared/question.ts";
import type { OpenModel } from "../open/model.ts";

/** A question with the layers that are taken by themselves; they stay `auto` where they follow from a box that only the picture tells. */
export function withLayers(model: OpenModel, question: CamQuestion): CamQuestion {
  const { where, on, method } = question;
  if (model.outputs.all.length === 0) return question;
  const output = model.outputs.find(question.output);
  if (output.kind === "detection" && where === null) return question;
  const auto = model.camLayerOf({ output, where, on, method });
  const own = auto ? [...auto.merged, auto.name] : ["auto"];
  const layers = question.layers.flatMap((name) => (name === "auto" ? own : name));
  return { ...question, layers: [...new Set(layers)] };
}
