import type { ExtensionContext } from "vscode";
import type { ComputeClient } from "./compute/client.ts";
import type { EngineMonitor } from "./engine/monitor.ts";
import type { Log } from "./notices.ts";
import type { ChosenPictures } from "./panels/chosen-pictures.ts";
import type { WorkspaceStore } from "./store.ts";

/** What panels stand on. */
export interface Core {
  readonly extension: ExtensionContext;
  readonly log: Log;
  readonly compute: ComputeClient;
  readonly engines: EngineMonitor;
  readonly store: WorkspaceStore;
  readonly pictures: ChosenPictures;
}
