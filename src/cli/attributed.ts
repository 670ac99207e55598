import {
  attributionMethods,
  type Attribution,
  type AttributionMethod,
  type AttributionRequest,
} from "../methods/attribute/index.ts";
import { deletionInsertion } from "../methods/trust/index.ts";
import { blackInput, pictureInput, pictureSize, type Fed, type Runner } from "../session/index.ts";
import type { TrustBadge } from "../shared/contract/experiments.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import { breathe } from "../shared/errors.ts";
import { asFloats } from "../shared/tensor.ts";
import { isSigned, overChannels } from "./attribution-picture.ts";
import { pickClasses } from "./classes.ts";
import type { Call } from "./command.ts";
import { controlOf } from "./control.ts";

/** The attribution of one picture for one class. */
export interface Attributed {
  readonly score: ClassScore;
  readonly result: Attribution;
  /** With --trust. */
  readonly badge: TrustBadge | null;
}

/** Attributions of the picture that is fed, for each class of --class. */
export async function attributed(
  runner: Runner,
  call: Call,
  method: AttributionMethod,
  fed: Fed,
  request: Pick<AttributionRequest, "scores" | "batch" | "camLayer" | "steps" | "seed">,
): Promise<Attributed[]> {
  const [value] = fed.inputs;
  if (!value) throw new RangeError("nothing is fed");
  const input = asFloats(value);
  const size = pictureSize(pictureInput(runner.model.graph));
  const scores = pickClasses(call.args.values.class ?? "top", await runner.classes(fed));
  const found: Attributed[] = [];
  for (const score of scores) {
    await breathe(call.signal);
    const asked: AttributionRequest = {
      ...{ ...request, input, subject: runner.subject, classIndex: score.index },
      baseline: blackInput(size, runner.model.preprocessing),
      context: controlOf(call, `class ${score.index}`),
    };
    const result = await attributionMethods[method](asked);
    const badge = call.args.values.trust === undefined ? null : await trusted(asked, result);
    found.push({ score, result, badge });
  }
  return found;
}

async function trusted(
  asked: AttributionRequest,
  { attribution }: Attribution,
): Promise<TrustBadge> {
  const heat = overChannels(attribution, isSigned(attribution));
  const { deletion, insertion, settings } = await deletionInsertion(asked, heat);
  return { deletion, insertion, settings };
}
