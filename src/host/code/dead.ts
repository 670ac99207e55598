import type { ComputeClient } from "../compute/client.ts";
import type { Census } from "../../shared/contract/experiments.ts";

/** Dead filters of one layer in the last census, of all it has. */
export interface DeadCount {
  readonly dead: number;
  readonly filters: number;
  /** Dead means nothing without the number of pictures it was counted over. */
  readonly images: number;
}

/** How many filters of each layer the last census of a model found dead. */
export class DeadFilters {
  private readonly counted = new Map<string, ReadonlyMap<string, DeadCount>>();

  /** `changed` is called when a census has ended. */
  constructor(compute: ComputeClient, changed: () => void) {
    compute.onAnswer((method, params, result) => {
      if (method !== "census") return;
      const { layers, images } = result as Census;
      const counts = layers.map(
        ({ name, dead, filters }) => [name, { dead: dead.length, filters, images }] as const,
      );
      this.counted.set((params as { model: string }).model, new Map(counts));
      changed();
    });
  }

  /** Null where nothing was counted. */
  of(model: string, layer: string): DeadCount | null {
    return this.counted.get(model)?.get(layer) ?? null;
  }
}
