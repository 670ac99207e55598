import type { ModelSummary } from "../../shared/contract/model.ts";
import type { Change } from "../panels/panels.ts";
import { classChoices } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";
import { lens, pickClasses, pickLayer, pictureFor } from "./lenses.ts";

/** `convlens.maximize`: from the tree at the layer it was run on, from the palette after a question or two. */
export const maximize = (services: Services): Command =>
  lens(services, "Maximize", async ({ layer }, summary) => {
    if (layer !== null) return { lens: "maximize", maximize: "filters", layer };
    const what = await pick("Maximize", "What shall the input be made for?", [
      { label: "$(symbol-array) Filters of a layer", value: "filters" as const },
      { label: "$(tag) A class", value: "classes" as const },
      {
        label: "$(layers) From early to deep",
        description: "a few filters of several layers",
        value: "hierarchy" as const,
      },
    ]);
    if (what === null) return null;
    const more = await targetFor(what, summary);
    return more && { ...more, lens: "maximize", maximize: what };
  });

async function targetFor(
  what: "filters" | "classes" | "hierarchy",
  summary: ModelSummary,
): Promise<Change | null> {
  if (what === "hierarchy") return {};
  if (what === "filters") {
    const layer = await pickLayer("Maximize", summary, (one) => one.spatial);
    return layer === null ? null : { layer };
  }
  const choices = classChoices(summary.classes ?? 0, summary.labels);
  const index = await pick("Maximize", "Which class? Type a label or a number.", choices);
  return index === null ? null : { classes: [index] };
}

export const attack = (services: Services): Command =>
  lens(services, "One-Pixel Attack", async ({ model }) => {
    const picture = await pictureFor(services, "One-Pixel Attack", model);
    return picture && { ...picture, lens: "attack" };
  });

export const attribute = (services: Services): Command =>
  lens(services, "Attribution Map", async ({ model }, summary) => {
    const picture = await pictureFor(services, "Attribution Map", model);
    if (!picture) return null;
    const classes = await pickClasses("Attribution Map", summary);
    return classes && { ...picture, lens: "attribute", classes };
  });

/** `convlens.census`: the button for it is in the Model lens, with the table that shows what is found. */
export const census = (services: Services): Command =>
  lens(services, "Count Dead Filters", () => Promise.resolve({ lens: "model" }));
