import type { CamMethod } from "../../../src/shared/contract/lenses.ts";
import { t } from "../../common/text/l10n.ts";

interface MethodFacts {
  readonly title: string;
  /** What it computes, in one sentence. */
  readonly about: string;
  /** Maps of two classes can be subtracted: it is linear in the score. */
  readonly linear?: true;
}

export const METHODS: Readonly<Record<CamMethod, MethodFacts>> = {
  "grad-cam": {
    title: "Grad-CAM",
    about: t("Gradients averaged over each map weigh the maps, then ReLU"),
    linear: true,
  },
  "hires-cam": {
    title: "HiRes-CAM",
    about: t("Gradients times maps, cell by cell: exact for Flatten + Dense heads"),
    linear: true,
  },
  "grad-cam++": {
    title: "Grad-CAM++",
    about: t("Weighs positive gradients cell by cell: for several objects"),
  },
  "xgrad-cam": {
    title: "XGrad-CAM",
    about: t("Gradients averaged with the map's own values as weights"),
    linear: true,
  },
  "layer-cam": {
    title: "LayerCAM",
    about: t("Positive gradients times maps, cell by cell: for early layers too"),
  },
  "eigen-cam": {
    title: "EigenCAM",
    about: t("The maps' first principal component: no class is involved"),
  },
  "score-cam": {
    title: "ScoreCAM",
    about: t("Each map weighed by the class' probability where it lets the picture through"),
    linear: true,
  },
  "ablation-cam": {
    title: "Ablation-CAM",
    about: t("Each map weighed by how far the logit falls without it"),
  },
};

export const GROUPS: readonly (readonly [string, readonly CamMethod[]])[] = [
  [t("Gradients"), ["grad-cam", "hires-cam", "grad-cam++", "xgrad-cam", "layer-cam"]],
  [t("No class"), ["eigen-cam"]],
  [t("A run for each map"), ["score-cam", "ablation-cam"]],
];
