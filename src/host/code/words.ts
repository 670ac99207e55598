import type { CodeLink } from "../../shared/contract/code.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { plural, t } from "../../shared/l10n.ts";
import type { DeadCount } from "./dead.ts";
import type { FoundBy } from "./links.ts";

/** How many of what a layer has. */
function countOf(op: LayerSummary["op"], count: number): string {
  if (op === "dense") return plural(count, "{0} unit", "{0} units");
  if (op === "conv" || op === "depthwise-conv" || op === "transposed-conv")
    return plural(count, "{0} filter", "{0} filters");
  return plural(count, "{0} map", "{0} maps");
}

/** `32 filters | 3 dead over N = 20 | receptive field 11 px`; `counted` is null where nothing was. */
export function lensTitle(
  link: CodeLink,
  layer: LayerSummary,
  counted: Pick<DeadCount, "dead" | "images"> | null,
): string {
  const count = layer.mapShape?.at(-1) ?? link.script.filters;
  const field = layer.receptiveField?.size;
  const parts = [
    typeof count === "number" ? countOf(layer.op, count) : layer.name,
    ...(counted === null ? [] : [t("{0} dead over N = {1}", counted.dead, counted.images)]),
    ...(field && layer.spatial
      ? [t("receptive field {0} px", [...new Set(field)].join(" × "))]
      : []),
  ];
  return `${isDoubtful(link) ? "≈ " : ""}${parts.join(" | ")}`;
}

/** Whether a link is shown with a `≈`: only the kind of layer agrees, or the sizes do not. */
export const isDoubtful = ({ reason, doubt }: CodeLink): boolean =>
  reason === "guess" || doubt !== null;

function reasonOf(reason: CodeLink["reason"]): string {
  switch (reason) {
    case "name":
      return t("the code gives it this name");
    case "source":
      return t("the file recorded this line");
    case "order":
      return t("it stands at the same place, with the same kind and size");
    case "guess":
      return t("it stands at the same place, and only the kind is known");
  }
}

/** Why the line and the layer belong together, or do not quite. */
export const linkText = ({ layer, reason, doubt }: CodeLink): string =>
  doubt === null
    ? t("Linked to '{0}': {1}.", layer, reasonOf(reason))
    : t("Linked to '{0}' ({1}), but {2}.", layer, reasonOf(reason), doubt);

/** Why a script's lines are shown with this model. */
export function foundText(foundBy: FoundBy): string {
  switch (foundBy) {
    case "pick":
      return t("Linked because you chose it.");
    case "sidecar":
      return t("Linked because its sidecar names this script.");
    case "paths":
      return t("Linked because the script writes it.");
    case "source":
      return t("Linked because its file recorded lines of this script.");
  }
}
