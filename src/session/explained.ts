/** What is asked of one input that is fed: heat maps, attributions, and how far they can be trusted. One way for all who ask. */
import { attributionMethods } from "../methods/attribute/index.ts";
import { mapsAtLayers } from "../methods/cam/at-layers.ts";
import type { ClassMap } from "../methods/cam/index.ts";
import { deletionInsertion, sanityCheck } from "../methods/trust/index.ts";
import type { Scores } from "../methods/types.ts";
import { at } from "../base/at.ts";
import { usageError } from "../base/errors.ts";
import { ATTRIBUTIONS, CAM_METHODS } from "../shared/catalogue.ts";
import type { TrustBadge } from "../shared/contract/badge.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import type { Sanity, SanityStage } from "../shared/contract/trust.ts";
import type { Control } from "../shared/control.ts";
import type { AttributeAbout } from "../shared/method.ts";
import type { AttributeQuestion, BaselineName, CamQuestion } from "../shared/question.ts";
import type { AttributeAnswer, CamAnswer } from "./explain/answers.ts";
import { atLayers, overInput, type Look, type Over } from "./explain/over.ts";
import { onOneScale } from "./explain/pixels.ts";
import { attributionRequest, pictureRequest } from "./explain/requests.ts";
import { shuffledAttribution, shuffledCam } from "./explain/shuffled.ts";
import { chosen } from "./explain/targets.ts";
import { aim, aimless, type Aim, type Asked } from "./run/aim.ts";
import type { Fed, Runner } from "./run/runner.ts";
import { saturated, scored } from "./run/scored.ts";

/** What a badge is of: the input that the map lies over (null: the first picture), what stands for nothing, and whose scores. */
interface Judged {
  readonly scores?: Scores;
  readonly on?: string | null;
  readonly baseline?: BaselineName;
}

const CLASSLESS = "The map asks for no class: it is the same for all of them.";

interface How {
  readonly context: Control;
  /** Told of what there is so far, of methods that need a run per channel; enlarging it waits until it is wanted. */
  readonly soFar?: (answer: () => CamAnswer) => void;
}

/** Attributions by the slope where the picture is; the others measure what becomes of the score elsewhere too. */
const BY_SLOPE: Readonly<Record<AttributeAbout["group"], boolean>> = {
  ...{ gradients: true, guided: true, path: false, relevance: false, masks: false },
};

/** What is fed, with the methods that explain what a network makes of it. */
export class Explained {
  private readonly look: Look;
  private readonly aims = new Map<string, Aim>();

  /** `batch`: rows that are run at once. */
  constructor(runner: Runner, fed: Fed, batch: number | null = null) {
    this.look = { runner, fed, batch };
  }

  /** The place that is asked about, with its classes. Throws a ConvLensError for what is not there, and where nothing is said. */
  async aim(asked: Asked): Promise<Aim> {
    const keyOf = ({ output, where, named = false }: Asked): string =>
      JSON.stringify([output, where, named]);
    const known = this.aims.get(keyOf(asked));
    if (known) return known;
    const found = await aim(this.look.runner, this.look.fed, asked);
    // who names the place that was found, and a class there, asks for the same nodes: made anew they would be run anew
    for (const one of [asked, { ...asked, where: found.where, named: true }])
      this.aims.set(keyOf(one), found);
    return found;
  }

  private aimOf({ output, where, targets }: CamQuestion | AttributeQuestion): Promise<Aim> {
    return this.aim({ output, where, named: !("top" in targets) });
  }
  /** A method that asks no score needs no class either. */
  private async camAim(question: CamQuestion): Promise<Aim> {
    const needed = CAM_METHODS[question.method].score !== null || question.where !== null;
    return this.aimOf(question).catch((error: unknown) => {
      if (needed || !("top" in question.targets)) throw error;
      return aimless(this.look.runner.model, question.output);
    });
  }

  /** Throws a ConvLensError for layers or targets that are not there, and a subtraction that the method does not allow. */
  async cam(question: CamQuestion, { context, soFar }: How): Promise<CamAnswer> {
    const { runner, fed } = this.look;
    const { method, targets } = question;
    const found = await this.camAim(question);
    const { layers, why, pictures, over } = atLayers(this.look, question, found);
    const before = pictureRequest(this.look, "black", over.input);
    const all = chosen(found, targets);
    // what asks for no score is the same for every class
    const classless = CAM_METHODS[method].score === null;
    const scores = classless ? all.slice(0, 1) : all;
    const [minus = null] = question.minus ? chosen(found, [question.minus]) : [];
    const asked = scored(method, found.scores, question.score);
    const byGradients = CAM_METHODS[method].group === "gradients";
    const flat = byGradients ? saturated(asked.score, scores) : null;
    const facts = {
      ...{ ...over, aim: found, pictures, question, scores, minus, layers, why },
      ...{ score: asked.score, note: flat?.note ?? (classless ? CLASSLESS : null) },
    };
    const answer = (maps: readonly ClassMap[]): CamAnswer => ({
      ...{ ...facts, maps },
      ...onOneScale(maps, over.size, flat?.stretch ?? 1),
    });
    const { graph } = asked.scores;
    const maps = await mapsAtLayers({
      ...{ ...before, method, over: over.input, scores: asked.scores, layers, context },
      ...{ classes: scores.map(({ index }) => index), minus: minus?.index ?? null },
      valueOf: async (node) => at(await runner.values(fed, [node], graph), 0),
      valuesOf: (nodes) => runner.values(fed, nodes, graph),
      ...(soFar && { soFar: (some) => soFar(() => answer(some)) }),
    });
    return answer(maps);
  }

  /** For one target after another, as they are asked for. */
  async *attributions(
    question: AttributeQuestion,
    control: (score: ClassScore) => Control,
  ): AsyncGenerator<AttributeAnswer> {
    const { method, score: kind, on } = question;
    const aimed = await this.aimOf(question);
    for (const score of chosen(aimed, question.targets)) {
      const request = attributionRequest(this.look, question, aimed, score.index, control(score));
      const found = await attributionMethods[method](request);
      const flat = BY_SLOPE[ATTRIBUTIONS[method].group] ? saturated(kind, [score]) : null;
      const guide = request.camLayer?.name ?? null;
      yield { aim: aimed, score, flat, guide, ...found, ...overInput(this.look, on) };
    }
  }

  /** The picture that heat maps lie over. Throws a usage error for one that the layer's cells are no positions of. */
  over(question: CamQuestion, of: Aim): Over {
    return atLayers(this.look, question, of).over;
  }

  /** Deletion and insertion by `heat` [H * W] in the input `on`, of the picture's own scores unless others are given. */
  badge(
    heat: Float32Array,
    classIndex: number,
    context: Control,
    { on = null, baseline = "black", scores = this.look.runner.model.scores }: Judged = {},
  ): Promise<TrustBadge> {
    const picture = pictureRequest(this.look, baseline, on);
    const request = {
      ...picture,
      camLayer: null,
      steps: null,
      seed: 0,
      scores,
      classIndex,
      context,
    };
    return deletionInsertion(request, heat);
  }

  /** Cascading randomisation of the heat map or the attribution of one target. `seed`: of the shuffling. */
  async sanity(
    question: CamQuestion | AttributeQuestion,
    seed: number,
    context: Control,
    soFar: (stages: readonly SanityStage[]) => void = () => undefined,
  ): Promise<Omit<Sanity, "engine" | "seconds">> {
    const found = await this.aimOf(question);
    const [score] = chosen(found, question.targets);
    if (!score) throw usageError("The check is of the map of one class, and none is named.");
    const { mapOf, scores, over } =
      question.kind === "cam"
        ? shuffledCam(this.look, question, found, score.index)
        : shuffledAttribution(this.look, question, found, score.index);
    const picture = { ...pictureRequest(this.look, "black", over.input), scores };
    return sanityCheck(picture, mapOf, over.size, seed, context, soFar);
  }
}
