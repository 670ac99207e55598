/** What every method says of itself, in `src/methods/<command>/<method>/about.ts`: words and numbers, no maths. */

/** The commands that have methods to choose from, named as on the command line. */
export type MethodCommand = "cam" | "attribute" | "attack" | "maximize";

/** A whole number that a method takes. */
export interface WholeNumber {
  /** What it counts, in a word: `Samples`. */
  readonly label: string;
  readonly least: number;
  /** Taken where none is given; null: it follows from the picture. */
  readonly usual: number | null;
}

/** What a method takes beside model, input, layer and classes, by the command line's names; what is not named has no effect. */
export interface MethodOptions {
  /** Steps of what is iterated, samples, masks, generations; the side of occlusion's window. */
  readonly steps?: WholeNumber;
  /** Something is random. */
  readonly seed?: true;
  /** It compares with a picture that stands for "nothing there". */
  readonly baseline?: true;
  /** A layer guides it, though it explains pixels. */
  readonly layer?: true;
  readonly pixels?: WholeNumber;
  readonly population?: WholeNumber;
  readonly top?: WholeNumber;
}

/** What all methods say. */
export interface About {
  readonly id: string;
  readonly command: MethodCommand;
  /** As the literature calls it. The English of titles and sentences is the key of their translations. */
  readonly title: string;
  /** What it computes, in one sentence. */
  readonly sentence: string;
  /** Methods of one group stand together in menus. */
  readonly group: string;
  /** The map of a sum of scores is the sum of their maps, so that maps of two classes can be subtracted. */
  readonly linear: boolean;
  readonly options: MethodOptions;
  /** NumPy that "Show Code" writes; left out where a few lines cannot say it. */
  readonly numpy?: string;
}

/** A heat map of a layer. */
export interface CamAbout extends About {
  readonly command: "cam";
  /** `gradients`: one backward pass; `maps`: the maps alone; `runs`: the network runs for each map. */
  readonly group: "gradients" | "maps" | "runs";
  /** What it asks the network for; null: nothing. */
  readonly score: "logit" | "probability" | null;
  /** It is made of the matrices of attention before a layer: of the last one's by itself. */
  readonly ofAttention?: true;
  /** From maps `A` and gradients `g`, with `CELLS` and `CHANNELS` for their axes, to `raw` [rows, columns]. */
  readonly numpy?: string;
}

/** An attribution of pixels. */
export interface AttributeAbout extends About {
  readonly command: "attribute";
  readonly group: "gradients" | "path" | "relevance" | "masks" | "guided";
  /** `direction`: how strongly the score answers to a pixel, and the sign in which direction; `evidence`: for or against the class. */
  readonly tells: "direction" | "evidence";
  /** Said beside the map of a method that does not explain what it seems to. */
  readonly warning?: string;
  /** From `gradient(x)`, the picture `x` and `black` like it to `attribution`; `USUAL` stands for the number of steps. */
  readonly numpy?: string;
}

/** A change of pixels that changes the network's mind. */
export interface AttackAbout extends About {
  readonly command: "attack";
  readonly group: "search" | "corners";
}

/** A recipe for inputs that maximise something. */
export interface MaximizeAbout extends About {
  readonly command: "maximize";
  readonly group: "pixels" | "frequencies";
  readonly options: MethodOptions & {
    /** A class needs more steps than a filter where `usualForClass` says so. */
    readonly steps: WholeNumber & { readonly usual: number; readonly usualForClass: number };
  };
}
