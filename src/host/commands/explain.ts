import { QuickPickItemKind } from "vscode";
import { ATTACKS, ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../../shared/catalogue.ts";
import { t, translation } from "../../shared/l10n.ts";
import type { About } from "../../shared/method.ts";
import type { Choice } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";
import type { Services } from "../services.ts";
import { attack, attribute, maximize } from "./experiments.ts";
import type { Command } from "./ids.ts";
import { cam } from "./lenses.ts";

/** `convlens.explain`: every method by its name and what it does; its lens asks its own questions, and opens with it chosen. */
export const explain =
  (services: Services): Command =>
  async (...args) => {
    const run = await pick(t("Explain"), t("By which method? Type its name or what it does."), [
      ...rows(t("Where the network looks"), CAM_METHODS, ({ id }) =>
        cam(services, { camMethod: id }),
      ),
      ...rows(t("Which pixels count"), ATTRIBUTIONS, ({ id }) =>
        attribute(services, { attribution: id }),
      ),
      ...rows(t("What changes its mind"), ATTACKS, ({ id }) => attack(services, { attack: id })),
      ...rows(t("What a filter or a class looks for"), RECIPES, ({ id }) =>
        maximize(services, { recipe: id }),
      ),
    ]);
    await run?.(...args);
  };

/** A heading, and a row for each method of a table. */
function rows<A extends About>(
  heading: string,
  table: Readonly<Record<string, A>>,
  open: (method: A) => Command,
): Choice<Command>[] {
  const methods = Object.values(table).map((method) => ({
    label: translation(method.title),
    detail: translation(method.sentence),
    value: open(method),
  }));
  const nothing = (): void => undefined; // a heading cannot be chosen
  return [{ label: heading, kind: QuickPickItemKind.Separator, value: nothing }, ...methods];
}
