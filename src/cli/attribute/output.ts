import { breathe } from "../../base/errors.ts";
import {
  pickClasses,
  Explained,
  importance,
  type AttributeAnswer,
  type Fed,
  type Runner,
} from "../../session/index.ts";
import type { TrustBadge } from "../../shared/contract/badge.ts";
import { classTarget, type AttributeQuestion } from "../../shared/question.ts";
import type { TargetText } from "../arguments/target.ts";
import type { Checked } from "../cam/maps.ts";
import type { Call } from "../command.ts";
import { controlOf } from "../model/control.ts";

/** The attribution of one picture for one class. */
export interface Attributed {
  readonly result: AttributeAnswer;
  /** With --trust. */
  readonly badge: TrustBadge | null;
  /** With --sanity. */
  readonly sanity: Checked | null;
}

/** Attributions of the picture that is fed, for each class of --class. */
export async function attributed(
  runner: Runner,
  call: Call,
  fed: Fed,
  asked: Omit<AttributeQuestion, "targets">,
  target: TargetText,
  batch: number | null,
): Promise<Attributed[]> {
  const { trust, sanity } = call.args.values;
  const { method, baseline, seed } = asked;
  const explained = new Explained(runner, fed, batch);
  const { classes, ranked, where, scores } = await explained.aim(target);
  const chosen = pickClasses(target.classes, classes, ranked);
  const targets = chosen.map(({ index }) => classTarget(index));
  const question = { ...asked, where, targets };
  const found: Attributed[] = [];
  const control = ({ index }: { readonly index: number }) => controlOf(call, `class ${index}`);
  for await (const result of explained.attributions(question, control)) {
    const { index } = result.score;
    const heat = importance(method, result.attribution);
    const of = { ...question, targets: [classTarget(index)] };
    found.push({
      result,
      badge:
        trust === undefined
          ? null
          : await explained.badge(heat, index, control(result.score), {
              ...{ on: result.input, baseline, scores },
            }),
      sanity:
        sanity === undefined
          ? null
          : await explained.sanity(of, seed, controlOf(call, `sanity of ${index}`)),
    });
    await breathe(call.signal);
  }
  return found;
}
