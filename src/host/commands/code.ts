import { Uri, window } from "vscode";
import { inputError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { codeOf, showCode } from "../code/go-to-code.ts";
import { layerChoices } from "../picks/items.ts";
import { pickModel } from "../picks/model.ts";
import { pick } from "../picks/pick.ts";
import type { Services } from "../services.ts";
import { pickLayer } from "./lenses.ts";
import type { Command } from "./ids.ts";
import { targetOf } from "./target.ts";
import { showWarning } from "../notices.ts";

/** `convlens.linkScript`: which model the lines of a script are shown with. */
export const linkScript =
  (services: Services): Command =>
  async (arg) => {
    const script = arg instanceof Uri ? arg : window.activeTextEditor?.document.uri;
    if (!script) throw inputError(t("Open the training script that is to be linked first."));
    const model = await pickModel(services, t("Link Training Code"));
    if (model !== null) await services.links.pick(script, model);
  };

/** `convlens.goToCode`: the line of training code that made a layer. */
export const goToCode =
  (services: Services): Command =>
  async (arg) => {
    const title = t("Go to the Code of a Layer");
    const target = await targetOf(services, arg, title);
    if (!target) return;
    const summary = await services.compute.remote.summary({ model: target.model });
    const layer = target.layer ?? (await pickLayer(title, summary, () => true));
    if (layer === null) return;
    const place = await codeOf(services.links, target.model, layer);
    if (place) await showCode(place);
    else
      void showWarning(
        t(
          "No script of this workspace was found that makes layer '{0}' of '{1}'. Open the script and choose 'ConvLens: Link Training Code…'.",
          layer,
          summary.name,
        ),
      );
  };

/** `convlens.lineLayers`: one line made several layers. */
export const lineLayers =
  (services: Services): Command =>
  async (arg) => {
    const { model, layers } = arg as { model: string; layers: readonly string[] };
    const summary = await services.compute.remote.summary({ model });
    const own = summary.layers.filter(({ name }) => layers.includes(name));
    const layer = await pick(t("Layers of This Line"), t("Which layer?"), layerChoices(own));
    if (layer === null) return;
    const open = services.panels.ofTraining(model);
    await services.panels.inspect(open?.model ?? model, { layer });
  };
