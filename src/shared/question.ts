/**
 * What is asked of a model: all that an answer follows from, beside the model's own files. Panel, command line, report, assistants,
 * comparisons and "Show Code" ask in these terms, and `session/explained.ts` answers.
 */
import type { AttackMethod, AttributionName, CamMethod, RecipeName } from "./catalogue.ts";
import type { OutputKind, Thresholds } from "./contract/outputs.ts";
import type { Where } from "./where.ts";

/** What of the network's answer is explained: together with where in the output (`Where`). */
export type Target = ClassTarget;
/** A class by its number. */
export interface ClassTarget {
  readonly kind: "class";
  readonly index: number;
}
/** Some targets, or the classes that the network thinks most likely. */
export type Targets = readonly Target[] | { readonly top: number };

/** What the methods ask the network for. */
export type ScoreKind = "logit" | "probability";

/** What stands for "nothing there": the preprocessed black picture, the picture's mean colour, the picture out of focus. */
export type BaselineName = "black" | "mean" | "blurred";

/** What of the network's answer is asked about. */
export interface OfOutput {
  /** The output that classes are of, by its name; null: the model's first. */
  readonly output: string | null;
  /** Where in it; null: what its kind has by itself (`methods/outputs`). */
  readonly where: Where | null;
}

/** A class at a place of an output; null: the most likely there. */
export interface OfClass extends OfOutput {
  readonly classIndex: number | null;
}

/** Of one input. */
interface OfInput extends OfOutput {
  /** Path of a picture, or of an array (.npy). */
  readonly image: string;
  readonly targets: Targets;
  /** null: what the method asks for by itself. */
  readonly score: ScoreKind | null;
  /** The input that the answer lies over, by its name; null: the first picture, of heat maps the layer's first. */
  readonly on: string | null;
}

/** Where in the maps of a layer the evidence lies. */
export interface CamQuestion extends OfInput {
  readonly kind: "cam";
  readonly method: CamMethod;
  /** Names, or `auto`; the maps of several layers are merged. */
  readonly layers: readonly string[];
  /** What is subtracted from each map; only for methods that are linear in the score. */
  readonly minus: Target | null;
}

/** Which pixels speak for a target. */
export interface AttributeQuestion extends OfInput {
  readonly kind: "attribute";
  readonly method: AttributionName;
  /** The layer that guides a method which takes one; null: the model's own choice. */
  readonly layer: string | null;
  /** null: the method's own number. */
  readonly steps: number | null;
  readonly seed: number;
  readonly baseline: BaselineName;
}

/** Which few pixels change the network's mind. */
export interface AttackQuestion extends OfOutput {
  readonly kind: "attack";
  readonly image: string;
  /** `screen`: the exact attack at the pixels that the gradient ranks first; a preview, no proof. */
  readonly method: AttackMethod;
  readonly pixels: number;
  /** The true class; null: what the network says now. Of several numbers that are no classes, which. */
  readonly trueClass: number | null;
  /** The class to reach; null: any other. Of a number 1 is up, as null is, and 0 down. */
  readonly target: number | null;
  readonly population: number;
  readonly generations: number;
  readonly seed: number;
}

/** Which input excites something most. */
export interface MaximizeQuestion extends OfOutput {
  readonly kind: "maximize";
  readonly targets: readonly MaximizeTarget[];
  readonly recipe: RecipeName;
  /** null: the recipe's own number. */
  readonly steps: number | null;
  readonly seed: number;
  readonly options?: MaximizeOptions;
  /** Pictures at hand: what the objective reaches on them is told beside. Where a class is predicted is asked of the first. */
  readonly images?: readonly string[];
}

/**
 * What is maximised: a filter's mean activation (with `cell` that of one cell, [row, column]), a class' logit (or a number) at the
 * question's place, or an expression of
 * such terms: `conv3:4 + 0.5*conv3:7@3,3 - class:285` (`session/maximize/objectives.ts` reads it).
 */
export type MaximizeTarget =
  | {
      readonly layer: string;
      readonly filter: number;
      readonly cell?: readonly [row: number, column: number];
    }
  | { readonly classIndex: number }
  | { readonly expression: string };

/** What else steers a maximisation; what is left out is off. */
export interface MaximizeOptions {
  /** Pictures of each target, from different starts, and the weight of their resemblance (mean cosine of Gram matrices). */
  readonly copies?: number;
  readonly diversity?: number;
  /** Weights of what is taken off the objective; pixels are 0..1 there. */
  readonly totalVariation?: number;
  readonly l1?: number;
  readonly l2?: number;
  /** What `LAYER:direction` means: one number per channel; and the power of the cosine (0: the plain dot product). */
  readonly direction?: readonly number[];
  readonly cosinePower?: number;
}

/** One question to a model, told apart by its `kind`. */
export type Question = CamQuestion | AttributeQuestion | AttackQuestion | MaximizeQuestion;

/** What a report explains of its pictures. */
export interface ReportQuestion extends OfOutput {
  /** null: the likeliest, or what the output's kind has by itself. */
  readonly targets: Targets | null;
  readonly thresholds: Partial<Thresholds>;
  /** The picture that place and classes are of; others are asked what they have by themselves. null: all are asked the same. */
  readonly of: string | null;
}

/** A report of what each picture has by itself. */
export const PLAIN_REPORT: ReportQuestion = {
  ...{ output: null, where: null, targets: null, thresholds: {}, of: null },
};

/** The class of this number (from 0) as a target. */
export const classTarget = (index: number): ClassTarget => ({ kind: "class", index });

/** The first output as its kind has it by itself. */
export const WHOLE: OfOutput = { output: null, where: null };
/** Of that and the first picture, without anything special. */
const PLAIN = { ...WHOLE, score: null, on: null } as const;

/**
 * The heat map of a kind of output where neither a method nor a layer is named: of boxes LayerCAM (Jiang et al. 2021) at the inputs of the
 * head, since Grad-CAM's weights are means over the whole map, and a box' gradient is 0 in most of it.
 */
export const usualCam = (kind: OutputKind | undefined, isLayerNamed = false): CamMethod =>
  kind === "detection" && !isLayerNamed ? "layer-cam" : "grad-cam";

/** Grad-CAM of some targets at one layer. */
export const gradCam = (image: string, targets: Targets, layer = "auto"): CamQuestion => ({
  ...{ kind: "cam", method: "grad-cam", image, targets, layers: [layer], minus: null },
  ...PLAIN,
});

/** An attribution of some targets as the method has it by itself, against a black picture. */
export const attributionBy = (
  method: AttributionName,
  image: string,
  targets: Targets,
): AttributeQuestion => ({
  ...{ kind: "attribute", method, image, targets, layer: null },
  ...{ steps: null, seed: 0, baseline: "black", ...PLAIN },
});
