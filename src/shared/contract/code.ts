/** Training code: the layers it defines, where it keeps what it trains, and how both belong together. */
import type { OfOutput, Question } from "../question.ts";
import type { Intent } from "./intent.ts";

/** Whose layers a script builds; `keras` covers `tf.keras` and standalone Keras. */
export type Library = "keras" | "torch";

/** One layer as the code makes it; a line in a loop or a helper makes several. Lines count from 1. */
export interface ScriptLayer {
  readonly library: Library;
  /** `Conv2D`, `BatchNorm2d`, ... */
  readonly className: string;
  /** Given in the code: Keras' `name=`, or the path of the attribute that holds it (`features.0`); null where there is none. */
  readonly name: string | null;
  readonly line: number;
  /** Lines of the calls that led there, outermost first: helpers that build blocks. */
  readonly callers: readonly number[];
  /** Filters of a convolution, units of a dense layer; null where the code does not tell. */
  readonly filters: number | null;
  readonly kernel: readonly number[] | null;
  /** False in a branch or loop whose course depends on what only a run knows. */
  readonly sure: boolean;
}

/** One network as the code builds it; layers that no variable holds make one without a name. */
export interface ScriptModel {
  /** The variable or class that holds it. */
  readonly name: string;
  readonly library: Library;
  readonly line: number;
  /** As they are made. */
  readonly layers: readonly ScriptLayer[];
}

/** A place the script writes its model to. */
export interface SavedPath {
  /** As in the code, with `*` for what only a run knows (an epoch's number). */
  readonly pattern: string;
  readonly line: number;
}

/** A part of the code: lines from 1, columns from 0. */
export interface CodeSpan {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What a training gets wrong without an error, as far as the code alone tells. */
export interface CodeFinding {
  /** Softmax goes into a loss that expects logits; logits go into a loss that expects probabilities. */
  readonly code: "softmax-into-logits" | "logits-into-probabilities";
  readonly span: CodeSpan;
  /** Line of the layer that ends the model. */
  readonly output: number;
  /** Text that would mend it in place of `span`; null where no change is safe. */
  readonly fix: string | null;
}

/** A size that pictures are given, or that the network's input has. */
export interface SizeUse {
  readonly kind: "input" | "resize" | "crop";
  readonly span: CodeSpan;
  readonly height: number;
  readonly width: number;
}

/** What reading a script tells, without running it: the answer to `readScript`. */
export interface Script {
  readonly models: readonly ScriptModel[];
  readonly saves: readonly SavedPath[];
  readonly findings: readonly CodeFinding[];
  readonly sizes: readonly SizeUse[];
  /** The first line that is not Python; what stands around it is read all the same. */
  readonly brokenAt: number | null;
  /** False when reading was given up because the code would run for very long. */
  readonly complete: boolean;
}

/**
 * Why a line and a layer belong together, surest first: the name in the code is the file's; the file recorded the line; they stand at the
 * same place in the order and agree in kind and size; or only in kind, or the code is unsure.
 */
export type LinkReason = "name" | "source" | "order" | "guess";

/** One layer of the model, and the line of the script that makes it. */
export interface CodeLink {
  readonly layer: string;
  readonly script: ScriptLayer;
  readonly reason: LinkReason;
  /** What speaks against it, in words: other sizes in the code and the file. */
  readonly doubt: string | null;
}

/** How a script's layers and a model file's belong together: the answer to `linkScript`. */
export interface CodeLinks {
  /** The model of the script that fits the file; null when none does. */
  readonly model: string | null;
  readonly links: readonly CodeLink[];
  /** Layers of the script that the file does not have. */
  readonly missing: readonly ScriptLayer[];
  /** The script's first line that is not Python; null: all of it is. */
  readonly brokenAt: number | null;
}

/** A line of training code that made a layer of a model, as it stands there; lines count from 1. */
export interface CodeLine {
  readonly layer: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Up to 64 kernels of a layer on one small picture: the answer to `kernelSheet`. */
export interface KernelSheet {
  readonly png: Uint8Array;
  /** Filters on the picture, of all the layer has. */
  readonly drawn: number;
  readonly filters: number;
  /** L2 norms of the filters: the least, the median and the largest. */
  readonly norms: readonly [number, number, number];
}

/** What a panel shows: the answer to a question, or a look at the network. */
export type Shown =
  | Question
  /** Layers and, of a picture, the most likely classes. */
  | { readonly kind: "model"; readonly image: string | null }
  | { readonly kind: "filters"; readonly layer: string | null; readonly filter: number | null }
  | { readonly kind: "activations"; readonly layer: string | null; readonly image: string | null }
  /** null: the same model, the same picture. */
  | {
      readonly kind: "compare";
      /** What both are asked. */
      readonly of: OfOutput & { readonly classes: readonly number[] };
      readonly other: string | null;
      readonly image: string | null;
      readonly otherImage: string | null;
    };
/** The same as a panel says it: what of a heat map is left to the output is not known there. */
export type Wanted =
  Shown | { readonly kind: "lens"; readonly intent: Intent; readonly image: string };
/** What makes the shown result again outside VS Code: the answer to `reproduce`. */
export interface ReproducedCode {
  /** The command line. */
  readonly command: string;
  /** Whether `text` holds more than the command line. */
  readonly python: boolean;
  /** Python, with the command line as its first comment. */
  readonly text: string;
  /** Names of the layers of the file that hold code, which the script would run. */
  readonly runs: readonly string[];
}
