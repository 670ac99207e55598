import type { AttributionName } from "../../../src/shared/contract/experiments.ts";
import { t } from "../../common/text/l10n.ts";

interface MethodFacts {
  readonly title: string;
  /** What it computes, in one sentence. */
  readonly about: string;
  /** What the number of steps means, and the usual number; absent where it has none. */
  readonly steps?: { readonly label: string; readonly usual: string };
  readonly seeded?: true;
  /** A gradient: its sign is the direction in which the score answers, not evidence for or against. */
  readonly direction?: true;
}

export const METHODS: Readonly<Record<AttributionName, MethodFacts>> = {
  saliency: {
    title: t("Saliency"),
    about: t("How strongly the logit answers to each pixel: the size of its gradient."),
  },
  gradient: {
    title: t("Gradient"),
    about: t("The signed gradient of the logit with respect to each pixel."),
    direction: true,
  },
  "gradient-x-input": {
    title: t("Gradient × input"),
    about: t("The gradient times the pixel: exact for a linear network."),
  },
  smoothgrad: {
    title: "SmoothGrad",
    about: t("The gradient averaged over noisy copies of the picture."),
    steps: { label: t("Samples"), usual: "auto" },
    seeded: true,
    direction: true,
  },
  "integrated-gradients": {
    title: "Integrated Gradients",
    about: t("The gradient gathered on the way from the baseline to the picture."),
    steps: { label: t("Steps"), usual: "auto" },
  },
  occlusion: {
    title: t("Occlusion"),
    about: t("How far the logit falls when a window of the picture is covered."),
    steps: { label: t("Window"), usual: "auto" },
  },
  rise: {
    title: "RISE",
    about: t("The score averaged over random masks that leave a pixel in sight."),
    steps: { label: t("Masks"), usual: "auto" },
    seeded: true,
  },
  "guided-backprop": {
    title: t("Guided backprop"),
    about: t("The gradient with negative parts left out at every ReLU."),
    direction: true,
  },
  "guided-grad-cam": {
    title: "Guided Grad-CAM",
    about: t("Guided backprop where Grad-CAM sees evidence."),
  },
};

export const GROUPS: readonly (readonly [string, readonly AttributionName[]])[] = [
  [t("Gradients"), ["saliency", "gradient", "gradient-x-input", "smoothgrad"]],
  [t("Path"), ["integrated-gradients"]],
  [t("Masks"), ["occlusion", "rise"]],
  [t("Guided (see the warning)"), ["guided-backprop", "guided-grad-cam"]],
];
