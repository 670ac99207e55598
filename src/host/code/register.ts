import { languages } from "vscode";
import type { Core } from "../services.ts";
import type { InspectorPanels } from "../panels/panels.ts";
import { DeadFilters } from "./dead.ts";
import { followCursor } from "./follow.ts";
import { LayerHovers } from "./hovers.ts";
import { LayerLenses } from "./lenses.ts";
import type { ScriptLinks } from "./links.ts";

/** Python files, and the Python cells of notebooks. */
const PYTHON = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "vscode-notebook-cell" },
];

export function registerCode(
  core: Core,
  links: ScriptLinks,
  panels: InspectorPanels,
): { dispose(): unknown }[] {
  const dead = new DeadFilters(core.compute, () => {
    links.refresh();
  });
  return [
    links,
    languages.registerCodeLensProvider(PYTHON, new LayerLenses(links, dead)),
    languages.registerHoverProvider(PYTHON, new LayerHovers(core, links)),
    followCursor(links, panels),
  ];
}
