import type { Attribution, AttributionRequest } from "../../methods/attribute/index.ts";
import type { Scores } from "../../methods/types.ts";
import { Explained, importance, type Fed, type Runner } from "../../session/index.ts";
import type { AttributionName } from "../../shared/catalogue.ts";
import type { BaselineName } from "../../shared/contract/experiments.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { TrustBadge } from "../../shared/contract/trust.ts";
import { breathe } from "../../base/errors.ts";
import type { Checked } from "../cam/maps.ts";
import { pickClasses } from "../arguments/classes.ts";
import type { Call } from "../command.ts";
import { controlOf } from "../model/control.ts";

/** The attribution of one picture for one class. */
export interface Attributed {
  readonly score: ClassScore;
  readonly result: Attribution;
  /** With --trust. */
  readonly badge: TrustBadge | null;
  /** With --sanity. */
  readonly sanity: Checked | null;
}

interface Request extends Pick<AttributionRequest, "camLayer" | "steps" | "seed"> {
  readonly scores: Scores;
  readonly baseline: BaselineName;
  readonly batch: number | null;
}

/** Attributions of the picture that is fed, for each class of --class. */
export async function attributed(
  runner: Runner,
  call: Call,
  method: AttributionName,
  fed: Fed,
  { scores, baseline, batch, ...rest }: Request,
): Promise<Attributed[]> {
  const { trust, sanity, class: classes = "top" } = call.args.values;
  const explained = new Explained(runner, fed, { scores, baseline, batch });
  // whether the map orders pixels is asked of the network's own scores
  const measured = new Explained(runner, fed, { baseline, batch });
  const found: Attributed[] = [];
  for (const score of pickClasses(classes, await runner.classes(fed))) {
    await breathe(call.signal);
    const { index } = score;
    const context = controlOf(call, `class ${index}`);
    const asked = { ...rest, method, classIndex: index, context };
    const result = await explained.attribution(asked);
    const heat = importance(method, result.attribution);
    found.push({
      score,
      result,
      badge: trust === undefined ? null : await measured.badge(heat, index, context),
      sanity:
        sanity === undefined
          ? null
          : await explained.sanity(
              { attribute: asked },
              rest.seed,
              controlOf(call, `sanity of ${index}`),
            ),
    });
  }
  return found;
}
