import type { Library } from "../shared/contract/code.ts";

/** A layer, or a container of layers, that the script makes. */
export interface Built {
  readonly library: Library;
  readonly className: string;
  /** Keras' `name=`. */
  readonly named: string | null;
  readonly line: number;
  readonly callers: readonly number[];
  readonly filters: number | null;
  readonly kernel: readonly number[] | null;
  /** Its own activation: `softmax`; null without, `?` where only a run knows it. */
  readonly activation: string | null;
  readonly sure: boolean;
  /** Counts what the script makes. */
  readonly order: number;
}
