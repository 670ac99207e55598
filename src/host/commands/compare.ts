import path from "node:path";
import { Uri } from "vscode";
import { usageError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { MODEL_NAME } from "../model-files.ts";
import { withPicture } from "../panels/intent.ts";
import { whyNotOnDisk } from "../panels/register.ts";
import { pickModel } from "../picks/model.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";
import { targetOf } from "./target.ts";
import { showError } from "../notices.ts";

/** `convlens.compare`: the model it was run on, or the one that is open, with another that is asked for. */
export const compare =
  (services: Services): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, t("Compare"));
    if (!target) return;
    const other = await pickModel(services, t("Compare {0} with", path.basename(target.model)));
    if (other === null) return;
    const view = target.layer === null ? {} : { layer: target.layer };
    await services.panels.inspect(target.model, {
      ...view,
      lens: "compare",
      other,
      otherImage: null,
    });
  };

/** `convlens.compareSelected`: two models or two pictures that are selected in the explorer. */
export const compareSelected =
  (services: Services): Command =>
  async (_clicked, selected) => {
    const uris = Array.isArray(selected) ? selected.filter((one) => one instanceof Uri) : [];
    const refusal = uris.map(whyNotOnDisk).find((why) => why !== null);
    if (refusal !== undefined) return void showError(refusal);
    const [a, b, ...more] = uris.map(({ fsPath }) => fsPath);
    if (a === undefined || b === undefined || more.length > 0)
      throw usageError(t("Select two models or two pictures in the explorer, and compare those."));
    if (isModel(a) && isModel(b)) {
      await services.panels.inspect(a, { lens: "compare", other: b, otherImage: null });
      return;
    }
    if (isModel(a) || isModel(b))
      throw usageError(t("A model and a picture cannot be compared: select two of a kind."));
    const target = await targetOf(services, undefined, t("Compare Two Pictures"));
    if (!target) return;
    const intent = services.panels.currentIntent(target.model);
    const { images } = withPicture(withPicture(intent, a), b);
    const view = intent.compare === "layers" ? "cam" : intent.compare;
    const pictures = { images, image: a, otherImage: b, other: null };
    await services.panels.inspect(target.model, { ...pictures, lens: "compare", compare: view });
  };

const isModel = (file: string): boolean => MODEL_NAME.test(path.basename(file));
