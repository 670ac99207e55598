import type { ComputeClient } from "../compute/client.ts";
import type { Census } from "../../shared/contract/experiments.ts";

/** How many filters of each layer the last census of a model found dead. */
export class DeadFilters {
  private readonly counted = new Map<string, ReadonlyMap<string, number>>();

  /** `changed` is called when a census has ended. */
  constructor(compute: ComputeClient, changed: () => void) {
    compute.onAnswer((method, params, result) => {
      if (method !== "census") return;
      const { layers } = result as Census;
      const dead = new Map(layers.map((layer) => [layer.name, layer.dead.length]));
      this.counted.set((params as { model: string }).model, dead);
      changed();
    });
  }

  /** Null where nothing was counted. */
  of(model: string, layer: string): number | null {
    return this.counted.get(model)?.get(layer) ?? null;
  }
}
