import type { ExtensionContext } from "vscode";
import type { Log } from "./notices.ts";
import type { ScriptLinks } from "./code/links.ts";
import type { ComputeClient } from "./compute/client.ts";
import type { EngineMonitor } from "./engine/monitor.ts";
import type { InspectorPanels } from "./panels/panels.ts";
import type { WorkspaceStore } from "./store.ts";
import type { ModelFiles } from "./views/files.ts";

/** What panels stand on. */
export interface Core {
  readonly extension: ExtensionContext;
  readonly log: Log;
  readonly compute: ComputeClient;
  readonly engines: EngineMonitor;
  readonly store: WorkspaceStore;
}

/** What commands and views are given. */
export interface Services extends Core {
  readonly panels: InspectorPanels;
  readonly files: ModelFiles;
  readonly links: ScriptLinks;
}
