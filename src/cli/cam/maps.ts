import { at } from "../../base/at.ts";
import { usageError } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import {
  pickClasses,
  Explained,
  type CamAnswer,
  type Fed,
  type Runner,
} from "../../session/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { TrustBadge } from "../../shared/contract/badge.ts";
import type { Sanity } from "../../shared/contract/trust.ts";
import type { Control } from "../../shared/control.ts";
import { classTarget, type CamQuestion, type Targets } from "../../shared/question.ts";
import { CAM_METHODS } from "../../shared/catalogue.ts";
import type { Where } from "../../shared/where.ts";
import type { TargetText } from "../arguments/target.ts";

/** The heat maps of one picture: one for each class. */
export interface PictureCam {
  readonly answer: CamAnswer;
  /** [height, width] of the input, 0..1 on the scale of all the picture's classes. */
  readonly heatmaps: readonly FloatTensor[];
  /** With --trust and --sanity, one for each class. */
  readonly badges: readonly (TrustBadge | null)[];
  readonly sanity: readonly (Checked | null)[];
}
/** The randomisation check of one heat map, without who computed it and for how long. */
export type Checked = Omit<Sanity, "engine" | "seconds">;

interface Request {
  /** All that is asked but the classes, which texts name. */
  readonly question: Omit<CamQuestion, "targets" | "minus">;
  readonly target: TargetText;
  readonly minus: string | undefined;
  readonly batch: number | null;
  readonly trust: boolean;
  /** The seed of the randomisation check; null where it is not asked for. */
  readonly sanity: number | null;
  readonly context: (what: string) => Control;
}

/** Heat maps of the first picture that is fed, for the classes that the text names. */
export async function camOf(runner: Runner, fed: Fed, request: Request): Promise<PictureCam> {
  const { context, batch } = request;
  const explained = new Explained(runner, fed, batch);
  const found = await namedIn(explained, request);
  const targets = found?.targets ?? { top: 1 };
  const minus = found?.minus ?? null;
  const question: CamQuestion = {
    ...{ ...request.question, targets, where: found ? found.where : request.question.where },
    minus: minus && classTarget(minus.index),
  };
  const answer = await explained.cam(question, { context: context(question.method) });
  const { large, largest, scores } = answer;
  const badges: (TrustBadge | null)[] = [];
  const sanity: (Checked | null)[] = [];
  for (const [k, { index }] of scores.entries()) {
    const measured = (): Promise<TrustBadge> =>
      explained.badge(at(large, k), index, context(`trust of ${index}`), {
        ...{ on: answer.input, scores: answer.aim.scores },
      });
    const of: CamQuestion = { ...question, targets: [classTarget(index)] };
    const checked = (seed: number): Promise<Checked> =>
      explained.sanity(of, seed, context(`sanity of ${index}`));
    badges.push(request.trust ? await measured() : null);
    sanity.push(request.sanity === null ? null : await checked(request.sanity));
  }
  const heatmaps = large.map((map) =>
    floats(
      answer.size,
      map.map((value) => (largest > 0 ? value / largest : 0)),
    ),
  );
  return { answer, heatmaps, badges, sanity };
}

/** The classes that texts name; null: none is named, and the method has its own way. */
async function namedIn(
  explained: Explained,
  { target, minus, question }: Request,
): Promise<{ targets: Targets; where: Where | null; minus: ClassScore | null } | null> {
  if (
    target.classes === "top" &&
    minus === undefined &&
    CAM_METHODS[question.method].score === null
  )
    return null;
  const { classes, ranked, where } = await explained.aim(target);
  return {
    where,
    targets: pickClasses(target.classes, classes, ranked).map(({ index }) => classTarget(index)),
    minus: minus === undefined ? null : only(pickClasses(minus, classes, ranked)),
  };
}

function only([first, ...others]: readonly ClassScore[]): ClassScore {
  if (!first || others.length > 0) throw usageError("--minus takes one class.");
  return first;
}
