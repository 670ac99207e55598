import type { CodeLink } from "../../shared/contract/code.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import type { FoundBy } from "./links.ts";

const UNITS: Partial<Readonly<Record<LayerSummary["op"], string>>> = {
  conv: "filters",
  "depthwise-conv": "filters",
  "transposed-conv": "filters",
  dense: "units",
};

/** `32 filters | 3 dead | receptive field 11 px`; `dead` is null where nothing was counted. */
export function lensTitle(link: CodeLink, layer: LayerSummary, dead: number | null): string {
  const count = layer.mapShape?.at(-1) ?? link.script.filters;
  const field = layer.receptiveField?.size;
  const parts = [
    typeof count === "number" ? `${count} ${UNITS[layer.op] ?? "maps"}` : layer.name,
    ...(dead === null ? [] : [`${dead} dead`]),
    ...(field && layer.spatial
      ? [`receptive field ${field[0] === field[1] ? field[0] : field.join(" × ")} px`]
      : []),
  ];
  return `${isDoubtful(link) ? "≈ " : ""}${parts.join(" | ")}`;
}

export const isDoubtful = ({ reason, doubt }: CodeLink): boolean =>
  reason === "guess" || doubt !== null;

const REASONS: Readonly<Record<CodeLink["reason"], string>> = {
  name: "the code gives it this name",
  source: "the file recorded this line",
  order: "it stands at the same place, with the same kind and size",
  guess: "it stands at the same place, and only the kind is known",
};

/** Why the line and the layer belong together, or do not quite. */
export const linkText = ({ layer, reason, doubt }: CodeLink): string =>
  doubt === null
    ? `Linked to '${layer}': ${REASONS[reason]}.`
    : `Linked to '${layer}' (${REASONS[reason]}), but ${doubt}.`;

export const FOUND_BY: Readonly<Record<FoundBy, string>> = {
  pick: "you chose it",
  sidecar: "its sidecar names this script",
  paths: "the script writes it",
  source: "its file recorded lines of this script",
};
