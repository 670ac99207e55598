/** What an output of a network is, and what can be asked of it. */
import type { Pair } from "../../graph/ops/attributes.ts";
import type { Shape } from "../../base/tensor.ts";
import type { Where } from "../where.ts";

/**
 * What the numbers of an output are:
 * `classes` how much the picture is of each class, `regression` values, `embedding` features to compare pictures by, `segmentation` a
 * class at each position, `detection` boxes with classes, `heat-maps` where each of some points is, `sequence` a symbol at each step,
 * `unknown` numbers of which the file does not tell what they are.
 */
export type OutputKind =
  | "classes"
  | "regression"
  | "embedding"
  | "segmentation"
  | "detection"
  | "heat-maps"
  | "sequence"
  | "unknown";

/** How classes exclude each other: one of them (softmax, logits), any number (sigmoids), or two behind one number. */
export type Choice = "one" | "several" | "two";

/** Class scores among the numbers of a box. */
export interface BoxScores {
  /** [from, to) */
  readonly columns: readonly [from: number, to: number];
  /** What they went through last; null: nothing, as far as is known. */
  readonly activation: "softmax" | "sigmoid" | null;
}

/** Tokens side by side on the picture, row by row, behind others (a class token, registers) that lie nowhere. */
export interface TokenGrid {
  readonly grid: Pair;
  /** The token of the first row and column. */
  readonly first: number;
}

/** What is known of an output without running anything. */
export interface OutputSummary {
  readonly name: string;
  /** In the file's own order of axes. */
  readonly shape: Shape;
  readonly kind: OutputKind;
  /** By what it was recognised, in a sentence. */
  readonly why: string;
  /** Whether that is a guess: a file of another kind could look the same. */
  readonly guessed: boolean;
  /** How many classes there are at each place; null where its numbers are none. */
  readonly classes: number | null;
  readonly choice: Choice | null;
  /** How many places there are: positions, boxes, steps; 1: one answer a picture. */
  readonly places: number;
  /** Rows and columns of the places, where they lie side by side on the picture. */
  readonly grid: Pair | null;
  /** Of places that are tokens of the picture: where they lie on it. */
  readonly tokens: TokenGrid | null;
  /** How many numbers there are at each place. */
  readonly numbers: number;
  /** Of boxes whose class scores stand in this output: which of their numbers these are; null: of other kinds, or elsewhere. */
  readonly boxScores: BoxScores | null;
  /** Where in it can be asked about; empty: only the picture as a whole. */
  readonly wheres: readonly Where["kind"][];
}

/** A class' number and, where it is known, its name. */
export interface Named {
  readonly index: number;
  readonly label: string | null;
}
/** A box of a detector, in pixels of the network's input. */
export interface DetectedBox {
  /** Its row among the output's boxes: what `box:N` means. */
  readonly box: number;
  readonly class: Named;
  /** 0..1: the class' score, times the objectness where there is one. */
  readonly score: number;
  /** null where the file's boxes are decoded outside it. */
  readonly rect: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } | null;
}

/** Which of a detector's boxes are told: both 0..1. */
export interface Thresholds {
  /** Boxes with a lower score are left out. */
  readonly score: number;
  /** So are those that share more than this of their union with a surer one of the class (intersection over union). */
  readonly iou: number;
}

/** What an output says of one picture, by its kind; of classes see `Prediction`. */
export type Answer =
  | { readonly kind: "classes" }
  | { readonly kind: "regression"; readonly values: readonly number[] }
  | {
      readonly kind: "embedding";
      readonly size: number;
      /** Length of the vector (of maps: of their means over positions), and its first numbers. */
      readonly norm: number;
      readonly first: readonly number[];
    }
  | {
      readonly kind: "segmentation";
      readonly grid: Pair;
      /** Classes that are the most likely somewhere, the largest first. */
      readonly areas: readonly (Named & { readonly positions: number; readonly share: number })[];
      /** [rows * columns]: which of the areas each position belongs to; of more than 256, those from the 256th on are one. */
      readonly map: Uint8Array;
    }
  | {
      readonly kind: "detection";
      /** Those that are left after non-maximum suppression, the surest first. */
      readonly boxes: readonly DetectedBox[];
      /** The surest of all, whatever its score. */
      readonly best: DetectedBox | null;
      readonly thresholds: Thresholds;
      /** How boxes of the same object are told from others: by their overlap, as peaks of a map, or not at all. */
      readonly suppression: "overlap" | "peaks" | "none";
      readonly candidates: number;
      /** What was taken for granted about the numbers, in a sentence. */
      readonly read: string;
    }
  | {
      readonly kind: "heat-maps";
      readonly points: readonly (Named & {
        readonly row: number;
        readonly column: number;
        readonly value: number;
      })[];
      readonly grid: Pair;
    }
  | {
      readonly kind: "sequence";
      /** The best symbol of each step. */
      readonly steps: readonly (Named & { readonly score: number })[];
      /** Without repeats and blanks (CTC, greedy); the blank is the first or the last symbol, whichever is more frequent. */
      readonly symbols: readonly Named[];
      readonly blank: number;
      /** Their names in a row, where they are known. */
      readonly text: string | null;
    }
  | {
      readonly kind: "unknown";
      readonly shape: Shape;
      readonly min: number;
      readonly max: number;
      readonly mean: number;
      readonly first: readonly number[];
    };
