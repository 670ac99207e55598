import type { ScriptLinks } from "./code/links.ts";
import type { Core } from "./core.ts";
import type { InspectorPanels } from "./panels/panels.ts";
import type { ModelFiles } from "./views/files.ts";

/** What commands and views are given. */
export interface Services extends Core {
  readonly panels: InspectorPanels;
  readonly files: ModelFiles;
  readonly links: ScriptLinks;
}
