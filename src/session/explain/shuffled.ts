/** Heat maps and attributions as the randomisation check has them made of networks whose weights are shuffled. */
import { attributionMethods } from "../../methods/attribute/index.ts";
import { mapsAtLayers } from "../../methods/cam/at-layers.ts";
import { forward } from "../../methods/forward.ts";
import type { MapOf } from "../../methods/trust/index.ts";
import type { Scores } from "../../methods/types.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { at } from "../../base/at.ts";
import { ATTRIBUTIONS } from "../../shared/catalogue.ts";
import type { AttributeQuestion, CamQuestion } from "../../shared/question.ts";
import type { Aim } from "../run/aim.ts";
import { differentiated, scored } from "../run/scored.ts";
import { atLayers, overInput, type Look, type Over } from "./over.ts";
import { enlarged, overChannels } from "./pixels.ts";
import { attributionRequest, pictureRequest } from "./requests.ts";

/** How a map is made of another network, the scores that it is of, and the picture that it lies over. */
export interface Shuffled {
  readonly mapOf: MapOf;
  readonly scores: Scores;
  readonly over: Over;
}

/** The heat map of one class. */
export function shuffledCam(
  look: Look,
  { method, score, minus, ...question }: CamQuestion,
  found: Aim,
  index: number,
): Shuffled {
  const { layers, over } = atLayers(look, { ...question, method }, found);
  const asked = {
    ...{ ...pictureRequest(look, "black", over.input), over: over.input, method, layers },
    ...{ classes: [index], minus: minus?.index ?? null },
  };
  const mapOf: MapOf = async (subject, scores, context) => {
    // what is known of the picture was computed with the network's own weights
    const valueOf = async (node: string): Promise<FloatTensor> =>
      at(await forward({ ...subject, graph: scores.graph }, asked.inputs, [node]), 0);
    const [map] = await mapsAtLayers({ ...asked, subject, scores, context, valueOf });
    return map ? enlarged(map, over.size) : new Float32Array();
  };
  return { mapOf, scores: scored(method, found.scores, score).scores, over };
}

/** The attribution of one class. */
export function shuffledAttribution(
  look: Look,
  question: AttributeQuestion,
  found: Aim,
  index: number,
): Shuffled {
  const { method, score, on } = question;
  const mapOf: MapOf = async (subject, scores, context) => {
    const request = attributionRequest(look, question, found, index, context);
    // shuffled networks have gaps that no number of steps closes
    const steps = request.steps ?? ATTRIBUTIONS[method].options.steps?.usual ?? null;
    const made = await attributionMethods[method]({ ...request, subject, scores, steps });
    return overChannels(made.attribution);
  };
  const scores = differentiated(found.scores, score ?? "logit");
  return { mapOf, scores, over: overInput(look, on) };
}
