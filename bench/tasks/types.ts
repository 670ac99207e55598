import type { Engine } from "../../src/engine/index.ts";
import type { OpenModel, PictureStore, Runner } from "../../src/session/index.ts";
import type { EngineChoice } from "../../src/shared/engines.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";

/** What a row asks of our side. */
export interface Asked {
  readonly task: string;
  readonly model: string;
  /** A preprocessed input, [1, H, W, C]. */
  readonly input: string;
  /** What all sides are given: see inputs.ts. */
  readonly folder: string;
  readonly out: string;
  readonly engine: EngineChoice;
  readonly layer: string | null;
  /** The first of `classes` class numbers. */
  readonly classIndex: number;
  readonly classes: number;
  /** The first so many filters of `layer`. */
  readonly filters: number;
  readonly steps: number;
  /** Rows at once, where a row says so; else the method's own number. */
  readonly batch: number;
}

export interface Job extends Omit<Asked, "engine"> {
  readonly open: OpenModel;
  readonly engine: Engine;
  readonly array: FloatTensor;
  readonly pictures: PictureStore;
  /** A runner that remembers nothing yet, so that nothing is answered from its cache. */
  runner(): Runner;
  given(name: string): Promise<FloatTensor>;
  about(): Promise<About>;
  close(): void;
}

/** `about.json` of the folder that all sides are given. */
export interface About {
  /** Of a picture in the network's input, per channel; `black` is the black picture's. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly black: readonly number[];
  /** Length of a step of maximisation. */
  readonly rate: number;
  /** Layers of a census. */
  readonly census: readonly string[];
}

/** Arrays by name. */
export type Arrays = Readonly<Record<string, FloatTensor>>;

/** Runs once; what is compared is given at once, or computed only when it is asked for. */
export type Task = (job: Job) => Promise<Arrays | (() => Promise<Arrays>)>;
