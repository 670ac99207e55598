/**
 * Every method, by the command that it belongs to and in the order of menus. From here come the command line's choices and help, the palette's
 * choice of methods, the panel's menus, what a stored panel may name, and the contract's types.
 * Adding one: its folder under `src/methods`, its record here, its code in `src/methods/<command>/index.ts`.
 */
import attackDe from "../methods/attack/de/about.ts";
import attackExact from "../methods/attack/exact/about.ts";
import attackScreen from "../methods/attack/screen/about.ts";
import gradientXInput from "../methods/attribute/gradient-x-input/about.ts";
import gradient from "../methods/attribute/gradient/about.ts";
import guidedBackprop from "../methods/attribute/guided-backprop/about.ts";
import guidedGradCam from "../methods/attribute/guided-grad-cam/about.ts";
import integratedGradients from "../methods/attribute/integrated-gradients/about.ts";
import lrp0 from "../methods/attribute/lrp-0/about.ts";
import lrpEpsilonGammaBox from "../methods/attribute/lrp-epsilon-gamma-box/about.ts";
import lrpEpsilonPlus from "../methods/attribute/lrp-epsilon-plus/about.ts";
import lrpEpsilon from "../methods/attribute/lrp-epsilon/about.ts";
import lrpGamma from "../methods/attribute/lrp-gamma/about.ts";
import lrpZPlus from "../methods/attribute/lrp-z-plus/about.ts";
import occlusion from "../methods/attribute/occlusion/about.ts";
import rise from "../methods/attribute/rise/about.ts";
import saliency from "../methods/attribute/saliency/about.ts";
import smoothgrad from "../methods/attribute/smoothgrad/about.ts";
import vargrad from "../methods/attribute/vargrad/about.ts";
import ablationCam from "../methods/cam/ablation-cam/about.ts";
import attentionRollout from "../methods/cam/attention-rollout/about.ts";
import eigenCam from "../methods/cam/eigen-cam/about.ts";
import gradCamElementwise from "../methods/cam/grad-cam-elementwise/about.ts";
import gradCamPlusPlus from "../methods/cam/grad-cam++/about.ts";
import gradCam from "../methods/cam/grad-cam/about.ts";
import hiresCam from "../methods/cam/hires-cam/about.ts";
import layerCam from "../methods/cam/layer-cam/about.ts";
import scoreCam from "../methods/cam/score-cam/about.ts";
import xgradCam from "../methods/cam/xgrad-cam/about.ts";
import maco from "../methods/maximize/maco/about.ts";
import plain from "../methods/maximize/plain/about.ts";
import robust from "../methods/maximize/robust/about.ts";
import type { About, AttackAbout, AttributeAbout, CamAbout, MaximizeAbout } from "./method.ts";

const CATALOGUE = {
  cam: [
    ...([gradCam, hiresCam, gradCamPlusPlus, xgradCam, layerCam, gradCamElementwise] as const),
    ...([eigenCam, attentionRollout, scoreCam, ablationCam] as const),
  ],
  attribute: [
    ...([saliency, gradient, gradientXInput, smoothgrad, vargrad, integratedGradients] as const),
    ...([lrpEpsilonPlus, lrpEpsilonGammaBox, lrp0, lrpEpsilon, lrpGamma, lrpZPlus] as const),
    ...([occlusion, rise, guidedBackprop, guidedGradCam] as const),
  ],
  attack: [attackDe, attackExact, attackScreen],
  maximize: [plain, robust, maco],
} as const;

type Catalogue = typeof CATALOGUE;
type Id<C extends keyof Catalogue> = Catalogue[C][number]["id"];

/** Ids of class activation maps, as the command line and kept panels have them. */
export type CamMethod = Id<"cam">;
/** Those that take one backward pass. */
export type GradientCamMethod = Extract<
  Catalogue["cam"][number],
  { readonly group: "gradients" }
>["id"];
/** Ids of pixel attributions. */
export type AttributionName = Id<"attribute">;
/** Ids of few-pixel attacks. */
export type AttackMethod = Id<"attack">;
/** Ids of ways to maximise: how the input is parametrised and regularised. */
export type RecipeName = Id<"maximize">;

const byId = <I extends string, A extends About & { readonly id: I }>(
  records: readonly A[],
): Readonly<Record<I, A>> =>
  Object.fromEntries(records.map((record) => [record.id, record])) as Record<I, A>;

/** What is told of each class activation map, by its id, in the order of menus. */
export const CAM_METHODS = byId<CamMethod, CamAbout & { readonly id: CamMethod }>(CATALOGUE.cam);
/** What is told of each attribution, by its id, in the order of menus. */
export const ATTRIBUTIONS = byId<
  AttributionName,
  AttributeAbout & { readonly id: AttributionName }
>(CATALOGUE.attribute);
/** What is told of each attack, by its id, in the order of menus. */
export const ATTACKS = byId<AttackMethod, AttackAbout & { readonly id: AttackMethod }>(
  CATALOGUE.attack,
);
/** What is told of each way to maximise, by its id, in the order of menus. */
export const RECIPES = byId<RecipeName, MaximizeAbout & { readonly id: RecipeName }>(
  CATALOGUE.maximize,
);

/** All of them, command by command. */
export const METHODS: readonly About[] = Object.values<readonly About[]>(CATALOGUE).flat();

/** The groups of a table, each with its methods, in its order. */
export function groupsOf<I extends string, A extends About & { readonly id: I }>(
  table: Readonly<Record<I, A>>,
): (readonly [group: A["group"], methods: readonly A[]])[] {
  const records = Object.values<A>(table);
  return [...new Set(records.map(({ group }) => group))].map((group) => [
    group,
    records.filter((record) => record.group === group),
  ]);
}
