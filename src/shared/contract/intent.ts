/** What a panel looks at: all of its state that outlives it. */
import type { AttackMethod, AttributionName, CamMethod, RecipeName } from "../catalogue.ts";
import type { BaselineName } from "../question.ts";

/** In the order of their tabs. */
export const LENS_NAMES = [
  "graph",
  "model",
  "filters",
  "how",
  "activations",
  "cam",
  "attribute",
  "maximize",
  "attack",
  "training",
  "compare",
] as const;
/** A way to look at a model: a tab of the inspector, by the name it is kept under. */
export type Lens = (typeof LENS_NAMES)[number];

/** What the Compare lens puts side by side. */
export const COMPARE_VIEWS = ["layers", "filters", "maps", "cam", "classes"] as const;
/** One of the Compare lens' views, by the name it is kept under. */
export type CompareView = (typeof COMPARE_VIEWS)[number];

/** What the Maximize lens makes: inputs for filters of a layer, for classes, or for a few filters from early to deep. */
export const MAXIMIZE_VIEWS = ["filters", "classes", "hierarchy"] as const;
/** One of the Maximize lens' views, by the name it is kept under. */
export type MaximizeView = (typeof MAXIMIZE_VIEWS)[number];

/** Row and column of a feature map's cell, from 0. */
export interface Cell {
  readonly y: number;
  readonly x: number;
}

/** What a panel persists: intent, never data. Everything else is fetched again. */
export interface Intent {
  readonly model: string;
  readonly lens: Lens;
  readonly layer: string | null;
  /** The filter (feature map) of `layer` to begin with; null: the first. */
  readonly filter: number | null;
  /** The cell of its map whose number is explained; null: the strongest. */
  readonly cell: Cell | null;
  /** Paths of the pictures in the strip, and the one that is looked at. */
  readonly images: readonly string[];
  readonly image: string | null;
  readonly classes: readonly number[];
  /** The input that heat maps and attributions lie over, of a network with several pictures; null: as the layer has it. */
  readonly on: string | null;
  /** The output that is looked at, by its name; null: the first. */
  readonly output: string | null;
  /** Where in it, as `--target` takes it (`box:240`); null: what its kind has by itself. */
  readonly target: string | null;
  /** Which of a detector's boxes are told: the least score, and the largest share of the union of two (`Thresholds`); null: as usual. */
  readonly boxScore: number | null;
  readonly boxIou: number | null;
  readonly camLayer: string | null;
  /** null: what the output's kind has by itself. */
  readonly camMethod: CamMethod | null;
  /** A second method below the first; layers merged with the chosen one; a class whose map is subtracted. */
  readonly camBeside: CamMethod | null;
  readonly camMerged: readonly string[];
  readonly camMinus: number | null;
  /** What was asked of one picture is asked of the next: classes, target, merged layers, minus. */
  readonly pinned: boolean;
  /** The heat maps of every picture of the strip, in place of the one that is looked at. */
  readonly camGallery: boolean;
  readonly maximize: MaximizeView;
  readonly recipe: RecipeName;
  readonly attack: AttackMethod;
  readonly attribution: AttributionName;
  readonly baseline: BaselineName;
  /** The checkpoint that is looked at in place of the model; null: the model itself. */
  readonly checkpoint: string | null;
  /** Looks at each new checkpoint as it is written. */
  readonly follow: boolean;
  /** The model and the picture that are compared with those that are looked at; null: the same ones. */
  readonly other: string | null;
  readonly otherImage: string | null;
  readonly compare: CompareView;
}
