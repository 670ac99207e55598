/** Which of a network's pictures heat maps and attributions lie over. */
import { nothing, type TemplateResult } from "lit";
import type { Picture } from "../../src/shared/contract/lenses.ts";
import { dropdown, labelled } from "../common/controls/index.ts";
import type { App, Choice, Resource } from "../common/state/index.ts";
import { t } from "../common/text/index.ts";

/** null: the layer's own; nothing to choose where there is one picture. */
export function overChoice(
  { summary: { pictures } }: App,
  choice: Choice<string | null>,
): TemplateResult | typeof nothing {
  if (pictures.length < 2) return nothing;
  const options = [[null, t("auto")] as const, ...pictures.map((name) => [name, name] as const)];
  return labelled(t("Over"), dropdown(t("Over"), options, choice), t("Which input the map is of"));
}

/** Fetches the picture of an input beside the one that is looked at. */
export function loadOver(resource: Resource<Picture>, app: App, input: string | undefined): void {
  const { intent, summary, remote, epoch } = app;
  const { image } = intent;
  const isBeside = input !== undefined && summary.pictures.indexOf(input) > 0;
  resource.load(isBeside && image !== null ? { image, on: input } : null, epoch, remote.modelView);
}

/** The picture that a map of this input lies over; null while it is fetched. */
export const pictureOver = (
  resource: Resource<Picture>,
  { summary, picture }: App,
  input: string,
): Picture | null => (summary.pictures.indexOf(input) > 0 ? resource.value : picture);
