import { languages } from "vscode";
import type { Core } from "../core.ts";
import type { InspectorPanels } from "../panels/panels.ts";
import { DeadFilters } from "./dead.ts";
import { markDeadLines } from "./dead-lines.ts";
import { diagnose } from "./diagnostics.ts";
import { followCursor } from "./follow.ts";
import { LayerHovers } from "./hovers.ts";
import { LayerLenses } from "./lenses.ts";
import type { ScriptLinks } from "./links.ts";
import { PYTHON } from "./reviews.ts";

/**
 * Shows in Python scripts and cells what is known of the models they trained: code lenses, hovers,
 * problems, dead lines; the inspector follows the cursor. What it returns takes all of it away.
 */
export function registerCode(
  core: Core,
  links: ScriptLinks,
  panels: InspectorPanels,
): { dispose(): unknown }[] {
  const dead = new DeadFilters(core.compute, () => links.refresh());
  return [
    links,
    languages.registerCodeLensProvider(PYTHON, new LayerLenses(links, dead)),
    languages.registerHoverProvider(PYTHON, new LayerHovers(core, links)),
    followCursor(links, panels),
    diagnose(links, dead),
    markDeadLines(links, dead),
  ];
}
