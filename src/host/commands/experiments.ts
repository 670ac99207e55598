import path from "node:path";
import type { ModelSummary } from "../../shared/contract/model.ts";
import { t } from "../../shared/l10n.ts";
import type { Change } from "../panels/panels.ts";
import { classChoices } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";
import type { Services } from "../services.ts";
import { pickFolder } from "../panels/files.ts";
import type { Command } from "./ids.ts";
import { targetOf } from "./target.ts";
import { lens, pickClasses, pickLayer, pictureFor } from "./lenses.ts";

/** `convlens.maximize`: from the tree at the layer it was run on, from the palette after a question or two. */
export const maximize = (services: Services, chosen: Change = {}): Command =>
  lens(services, t("Maximize"), async ({ layer }, summary) => {
    if (layer !== null) return { ...chosen, lens: "maximize", maximize: "filters", layer };
    const what = await pick(t("Maximize"), t("What shall the input be made for?"), [
      { icon: "symbol-array", label: t("Filters of a layer"), value: "filters" as const },
      { icon: "tag", label: t("A class"), value: "classes" as const },
      {
        icon: "layers",
        label: t("From early to deep"),
        description: t("a few filters of several layers"),
        value: "hierarchy" as const,
      },
    ]);
    if (what === null) return null;
    const more = await targetFor(what, summary);
    return more && { ...more, ...chosen, lens: "maximize", maximize: what };
  });

async function targetFor(
  what: "filters" | "classes" | "hierarchy",
  summary: ModelSummary,
): Promise<Change | null> {
  if (what === "hierarchy") return {};
  if (what === "filters") {
    const layer = await pickLayer(t("Maximize"), summary, (one) => one.spatial);
    return layer === null ? null : { layer };
  }
  const choices = classChoices(summary.classes ?? 0, summary.labels);
  const index = await pick(t("Maximize"), t("Which class? Type a label or a number."), choices);
  return index === null ? null : { classes: [index] };
}

/** `convlens.attack`: asks for a picture if need be. `chosen`: its method. */
export const attack = (services: Services, chosen: Change = {}): Command =>
  lens(services, t("One-Pixel Attack"), async ({ model }) => {
    const picture = await pictureFor(services, t("One-Pixel Attack"), model);
    return picture && { ...picture, ...chosen, lens: "attack" };
  });

/** `convlens.attribute`: asks for a picture if need be, and for a class. `chosen`: its method. */
export const attribute = (services: Services, chosen: Change = {}): Command =>
  lens(services, t("Attribution Map"), async ({ model }, summary) => {
    const picture = await pictureFor(services, t("Attribution Map"), model);
    if (!picture) return null;
    const classes = await pickClasses(t("Attribution Map"), summary);
    return classes && { ...picture, ...chosen, lens: "attribute", classes };
  });

/** `convlens.census`: asks for a folder, and counts in the Model lens, whose table shows what is found. */
export const census =
  (services: Services): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, t("Count Dead Filters"));
    if (!target) return;
    const { image } = services.panels.currentIntent(target.model);
    const folder = await pickFolder(path.dirname(image ?? target.model));
    if (folder !== null) await services.panels.send(target.model, { kind: "count", folder });
  };

/** `convlens.lesson`: what the network learned, question by question. */
export const lesson =
  (services: Services): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, t("What Did My Network Learn?"));
    if (target) await services.panels.send(target.model, { kind: "lesson" });
  };
