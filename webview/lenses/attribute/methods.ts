import type { AttributionName } from "../../../src/shared/contract/experiments.ts";

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
    title: "Saliency",
    about: "How strongly the logit answers to each pixel: the size of its gradient.",
  },
  gradient: {
    title: "Gradient",
    about: "The signed gradient of the logit with respect to each pixel.",
    direction: true,
  },
  "gradient-x-input": {
    title: "Gradient × input",
    about: "The gradient times the pixel: exact for a linear network.",
  },
  smoothgrad: {
    title: "SmoothGrad",
    about: "The gradient averaged over noisy copies of the picture.",
    steps: { label: "Samples", usual: "auto" },
    seeded: true,
    direction: true,
  },
  "integrated-gradients": {
    title: "Integrated Gradients",
    about: "The gradient gathered on the way from the baseline to the picture.",
    steps: { label: "Steps", usual: "auto" },
  },
  occlusion: {
    title: "Occlusion",
    about: "How far the logit falls when a window of the picture is covered.",
    steps: { label: "Window", usual: "auto" },
  },
  rise: {
    title: "RISE",
    about: "The score averaged over random masks that leave a pixel in sight.",
    steps: { label: "Masks", usual: "auto" },
    seeded: true,
  },
  "guided-backprop": {
    title: "Guided backprop",
    about: "The gradient with negative parts left out at every ReLU.",
    direction: true,
  },
  "guided-grad-cam": {
    title: "Guided Grad-CAM",
    about: "Guided backprop where Grad-CAM sees evidence.",
  },
};

export const GROUPS: readonly (readonly [string, readonly AttributionName[]])[] = [
  ["Gradients", ["saliency", "gradient", "gradient-x-input", "smoothgrad"]],
  ["Path", ["integrated-gradients"]],
  ["Masks", ["occlusion", "rise"]],
  ["Guided (see the warning)", ["guided-backprop", "guided-grad-cam"]],
];
