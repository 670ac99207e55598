import { Uri } from "vscode";
import type { Lens } from "../../shared/contract/intent.ts";
import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import { CAM_METHODS } from "../../shared/catalogue.ts";
import { t } from "../../shared/l10n.ts";
import { withPicture } from "../panels/intent.ts";
import { whyNotOnDisk } from "../panels/register.ts";
import type { Change } from "../panels/panels.ts";
import { classChoices, layerChoices } from "../picks/items.ts";
import { pickModel } from "../picks/model.ts";
import { pick } from "../picks/pick.ts";
import { pickPicture } from "../picks/picture.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";
import { targetOf, type Target } from "./target.ts";
import { showError, showWarning } from "../notices.ts";

/** Lenses on the network alone: who chooses a picture wants to see what is made of it. */
const WITHOUT_PICTURE: ReadonlySet<Lens> = new Set(["graph", "model", "filters"]);

/** `convlens.inspect`: the whole model. */
export const inspect =
  (services: Services): Command =>
  async (arg) => {
    // from the palette it always asks: the open inspector is in sight already
    const target =
      arg === undefined
        ? await pickModel(services, t("Inspect Model")).then((model) => model && { model })
        : await targetOf(services, arg, t("Inspect Model"));
    if (target) await services.panels.inspect(target.model, {});
  };

/** A lens on one layer, with quick picks for what is not known yet. */
export const lens =
  (
    services: Services,
    title: string,
    ask: (target: Target, summary: ModelSummary) => Promise<Change | null>,
  ): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, title);
    if (!target) return;
    const summary = await services.compute.remote.summary({ model: target.model });
    const change = await ask(target, summary);
    if (change) await services.panels.inspect(target.model, change);
  };

/** `convlens.filters`: kernels of the layer it was run on; from the palette it asks which. */
export const filters = (services: Services): Command =>
  lens(services, t("Filters"), async ({ layer }, summary) => {
    const chosen = layer ?? (await pickLayer(t("Filters"), summary, (one) => one.hasKernel));
    return chosen === null ? null : { lens: "filters", layer: chosen };
  });

/** A lens on a layer's maps of a picture; asks for what is not known of both. */
const onMaps = (
  services: Services,
  title: string,
  shown: "activations" | "how",
  suits: (layer: LayerSummary) => boolean,
): Command =>
  lens(services, title, async ({ model, layer }, summary) => {
    const chosen = layer ?? (await pickLayer(title, summary, suits));
    if (chosen === null) return null;
    const picture = await pictureFor(services, title, model);
    return picture && { ...picture, lens: shown, layer: chosen, cell: null };
  });

/** `convlens.activations`: the feature maps of a layer. */
export const activations = (services: Services): Command =>
  onMaps(services, t("Activations"), "activations", ({ spatial }) => spatial);

/** `convlens.howFilterWorks`: one filter of a convolution at work. */
export const howFilterWorks = (services: Services): Command =>
  onMaps(services, t("How a Filter Works"), "how", (layer) => layer.hasKernel && layer.spatial);

/** `chosen`: its method. */
export const cam = (services: Services, chosen: Change = {}): Command =>
  lens(services, "Grad-CAM", async ({ model, layer }, summary) => {
    const picture = await pictureFor(services, "Grad-CAM", model);
    if (!picture) return null;
    const classes = asksForClass(chosen) ? await pickClasses("Grad-CAM", summary) : undefined;
    if (classes === null) return null;
    return {
      ...picture,
      ...chosen,
      lens: "cam",
      ...(classes && { classes }),
      ...(layer !== null && { camLayer: layer }),
    };
  });

/** Whether the map of the method that was chosen, if one was, is that of a class. */
const asksForClass = ({ camMethod }: Change): boolean =>
  !camMethod || CAM_METHODS[camMethod].score !== null;

/** `convlens.openWithPicture`: adds a picture to the open inspector, or asks which model shall see it. */
export const openWithPicture =
  (services: Services): Command =>
  async (arg) => {
    const refusal = arg instanceof Uri ? whyNotOnDisk(arg) : null;
    if (refusal !== null) return void showError(refusal);
    const title = t("Look at a Picture");
    const target = await targetOf(services, undefined, title);
    if (!target) return;
    const path = arg instanceof Uri ? arg.fsPath : await pickPicture(services, title, target.model);
    if (path === null) return;
    const intent = services.panels.currentIntent(target.model);
    const { images, image } = withPicture(intent, path);
    const lensNow = WITHOUT_PICTURE.has(intent.lens) ? "cam" : intent.lens;
    await services.panels.inspect(target.model, { images, image, lens: lensNow });
  };

/** `convlens.openLayer`: a click in the tree. */
export const openLayer =
  (services: Services): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, t("Layer"));
    if (target) await services.panels.inspect(target.model, { layer: target.layer });
  };

/** A layer that `suits`; null when dismissed, or when there is none, which is then said. */
export async function pickLayer(
  title: string,
  summary: ModelSummary,
  suits: (layer: LayerSummary) => boolean,
): Promise<string | null> {
  const layers = summary.layers.filter(suits);
  if (layers.length === 0) {
    const why = summary.notRunnable ?? t("it has no convolution");
    void showWarning(t("{0} has nothing to show of '{1}': {2}.", title, summary.name, why));
    return null;
  }
  return pick(title, t("Which layer?"), layerChoices(layers));
}

/** The picture the model is looked at with already, or one that is asked for. */
export async function pictureFor(
  services: Services,
  title: string,
  model: string,
): Promise<Pick<Change, "images" | "image"> | null> {
  const intent = services.panels.currentIntent(model);
  if (intent.image !== null && services.panels.all(model).length > 0) return {};
  const path = await pickPicture(services, title, model);
  if (path === null) return null;
  const { images, image } = withPicture(intent, path);
  return { images, image };
}

/** Class indices; empty means the top classes of the picture. */
export async function pickClasses(
  title: string,
  { classes, labels }: ModelSummary,
): Promise<readonly number[] | null> {
  if (classes === null) return [];
  const top = {
    icon: "star",
    label: t("Top classes"),
    description: t("what the network sees in the picture"),
    value: null,
  };
  const all = classChoices(classes, labels).map((choice) => ({ ...choice, value: [choice.value] }));
  return pick<readonly number[]>(title, t("Which class? Type a label or a number."), [
    { ...top, value: [] },
    ...all,
  ]);
}
