import type { ComputeClient } from "./compute/client.ts";
import type { EngineMonitor } from "./engine/monitor.ts";
import type { InspectorPanels } from "./panels/panels.ts";

/** What `activate` returns, for the tests that run inside VS Code. Not a public interface. */
export interface ConvLensApi {
  readonly compute: ComputeClient;
  readonly engines: EngineMonitor;
  readonly panels: InspectorPanels;
}
