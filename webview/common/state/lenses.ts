/** The register of the lenses: what the panel knows of each before its element is there. */
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import type { Intent, Lens } from "../../../src/shared/contract/intent.ts";
import { t } from "../text/l10n.ts";

interface LensFacts {
  /** On its tab. */
  readonly title: string;
  /** What it cannot do without: a picture that the network is run on, or an engine alone. */
  readonly needs?: "picture" | "engine";
  /** Asked while there is no picture. */
  readonly question?: string;
  /** Whether it can draw a layer; absent: it looks at the whole network. */
  readonly suits?: (layer: LayerSummary) => boolean;
  /** The layer that it shows where the person chose none; absent: none. */
  readonly layer?: (summary: ModelSummary) => string | null;
  /** Its layer is one of its own (`camLayer`): a choice in the list is one of both. */
  readonly ownLayer?: true;
  /** There is no list of layers beside it: it shows them all itself, or a choice there would change nothing. */
  readonly noList?: true;
  /** It shows what is made of a picture where there is one. */
  readonly takesPicture?: true;
  /** Its work goes on while another is looked at. */
  readonly stays?: true;
}

const spatial = (layer: LayerSummary): boolean => layer.spatial;
const firstKernel = (summary: ModelSummary): string | null => summary.firstKernel;

/** Each lens' title, and what it needs and can draw. */
export const LENSES: Readonly<Record<Lens, LensFacts>> = {
  graph: { title: t("Graph"), noList: true, takesPicture: true },
  model: { title: t("Model"), noList: true },
  filters: {
    title: t("Filters"),
    suits: (layer) => layer.hasKernel,
    layer: firstKernel,
  },
  how: {
    title: t("How it works"),
    needs: "picture",
    question: t("How does a filter work?"),
    suits: (layer) => layer.hasKernel && layer.spatial,
    layer: firstKernel,
  },
  activations: {
    title: t("Activations"),
    needs: "picture",
    question: t("What does the network see?"),
    suits: spatial,
  },
  maximize: {
    title: t("Maximize"),
    needs: "engine",
    suits: ({ spatial, op }) => spatial && op !== "input" && op !== "preprocess",
    layer: firstKernel,
    stays: true,
  },
  attack: {
    title: t("Attack"),
    needs: "picture",
    question: t("How little changes the network's mind?"),
    stays: true,
    noList: true,
  },
  cam: {
    title: "Grad-CAM",
    needs: "picture",
    question: t("What does the network look at?"),
    suits: spatial,
    layer: (summary) => summary.camLayer?.name ?? null,
    ownLayer: true,
  },
  attribute: {
    title: t("Attribution"),
    needs: "picture",
    question: t("Which pixels speak for a class?"),
    noList: true,
  },
  training: { title: t("Training"), noList: true },
  compare: { title: t("Compare") },
};

/** Whether a lens has nothing to show until a picture is chosen. */
export const needsPicture = (lens: Lens): boolean => LENSES[lens].needs === "picture";

/** Whether a lens can draw a layer. */
export const suits = (lens: Lens, layer: LayerSummary): boolean =>
  LENSES[lens].suits?.(layer) ?? true;

/** The layer that a lens shows: the chosen one, or what the model offers where none is chosen. */
export function layerFor(
  summary: ModelSummary,
  intent: Pick<Intent, "lens" | "layer" | "camLayer">,
): LayerSummary | null {
  const { layer, ownLayer } = LENSES[intent.lens];
  const name = (ownLayer ? intent.camLayer : intent.layer) ?? layer?.(summary);
  return summary.layers.find((each) => each.name === name) ?? null;
}

/** The nearest layer (in the order of execution, first forwards) that the lens can draw. */
export function nearestFor(
  summary: ModelSummary,
  lens: Lens,
  name: string | null,
): LayerSummary | null {
  const at = Math.max(
    0,
    summary.layers.findIndex((layer) => layer.name === name),
  );
  const fitting = summary.layers
    .map((layer, index) => ({ layer, index }))
    .filter(({ layer }) => suits(lens, layer));
  const distance = (index: number): number => (index >= at ? index - at : (at - index) * 1.5);
  fitting.sort((a, b) => distance(a.index) - distance(b.index));
  return fitting[0]?.layer ?? null;
}
