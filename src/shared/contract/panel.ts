/** What a panel (webview) and the extension host say to each other. */
import type { EngineInfo } from "../engines.ts";
import type { SourceLine } from "../../graph/types.ts";
import type { CodeLine } from "./code.ts";
import type { ComputeContract } from "./compute.ts";
import type { Intent } from "./intent.ts";
import type { ImageInfo } from "./lenses.ts";
import type { LabelsGiven, LabelsKept } from "./model.ts";
import type { Accuracy, Animated, EpochFacts, EpochRequest, Series } from "./training.ts";

type Scoped =
  | "summary"
  | "graph"
  | "setPreprocessing"
  | "saveSidecar"
  | "inputCandidates"
  | "modelView"
  | "filters"
  | "filterValues"
  | "predict"
  | "activations"
  | "mapValues"
  | "layerNumbers"
  | "overview"
  | "flow"
  | "cellMaps"
  | "receptiveField"
  | "dotProduct"
  | "cam"
  | "maximize"
  | "attack"
  | "attribute"
  | "sanity"
  | "census"
  | "filterProfile"
  | "gif";
/** Of the panel's own model and the one that it is compared with. */
export type ScopedToTwo =
  | "compare"
  | "compareFilters"
  | "compareMaps"
  | "compareNumbers"
  | "compareCam"
  | "comparePredictions"
  | "comparePictures";
type WithoutModel<F> = F extends (params: infer P) => infer R
  ? (params: Omit<P, "model" | "other">) => R
  : never;

/** Panel -> host. The compute calls are those of `ComputeContract`, for the panel's own model. */
export type PanelContract = {
  [K in Scoped | ScopedToTwo]: WithoutModel<ComputeContract[K]>;
} & {
  /** The panel is alive: its state to show. Called once after loading. */
  ready(params: Record<string, never>): {
    intent: Intent;
    engine: EngineInfo | null;
    trusted: boolean;
    /** What the page is to do at once; null: nothing. */
    errand: Errand | null;
  };
  /** The checkpoints beside the model; `seriesChanged` tells of later ones. */
  series(params: Record<string, never>): Series;
  /** What a checkpoint makes of pictures; both paths are of the series. */
  epoch(params: EpochRequest & { checkpoint: string }): EpochFacts;
  /** How often a checkpoint of the series is right over the class folders of a folder that was chosen. */
  accuracy(params: { checkpoint: string; folder: string }): Accuracy;
  /** An animated GIF over all checkpoints. */
  animate(params: { of: Animated }): Uint8Array;
  /** Saves a report of the model and the pictures of the strip, and opens it. */
  saveReport(params: Record<string, never>): void;
  /** Opens a script that reproduces what is shown. */
  showCode(params: Record<string, never>): void;
  /**
   * Begins a new page in place of this one, in which every part of its code is asked for again. Whether it does: `byItself`, without a
   * person who wants it, not soon after the last time.
   */
  reload(params: { byItself: boolean }): boolean;
  /** Changes the intent, and keeps it for a reload; answers when calls go to its checkpoint. `turn` counts what a page tells. */
  setIntent(params: { patch: Partial<Intent>; turn: number }): void;
  image(params: { path: string }): ImageInfo;
  /** Opens the file dialog; an empty list when dismissed. */
  pickImages(params: Record<string, never>): string[];
  /** Asks for the file of an input beside the picture; null when dismissed. */
  pickInput(params: { name: string }): string | null;
  /** Asks for a model to compare with; null when dismissed. */
  pickOther(params: Record<string, never>): string | null;
  /** Asks for the network of a file of weights, by its name or as a .pt2 or ONNX file; `modelChanged` follows where it fits. */
  pickStructure(params: Record<string, never>): void;
  /** Asks what makes the network of a file of weights, and runs it where the person agrees; `modelChanged` follows. */
  runCheckpoint(params: Record<string, never>): void;
  /** Opens the dialog for folders: of pictures, or with a folder of pictures for each class; null when dismissed. */
  pickFolder(params: { ofClasses: boolean }): string | null;
  /** Pictures dropped or pasted: kept in the extension's storage; returns the path. */
  keepImage(params: { name: string; bytes: Uint8Array }): string;
  /** Names of classes, of a labels file that was dropped (its text, or its address) or well known; `modelChanged` follows. */
  giveLabels(params: { given: LabelsGiven | { readonly uri: string } }): LabelsKept;
  /** Turns what was dropped (uris) into paths of readable files. */
  resolveUris(params: { uris: readonly string[] }): string[];
  /** Asks where, then writes. `text` copies go through the webview's own clipboard. */
  save(params: { name: string; bytes: Uint8Array }): string | null;
  /** Opens a line of training code beside the panel, where it is in the workspace. */
  openSource(params: SourceLine): void;
  /** Shows the line of training code that made a layer of the panel's model. */
  goToCode(params: { layer: string }): void;
  /** The lines that made layers of the panel's model, of scripts that are open. */
  codeLines(params: Record<string, never>): readonly CodeLine[];
  openWalkthrough(params: Record<string, never>): void;
  /** Runs one of the extension's own commands offered in a panel (install native, show log). */
  command(params: { id: "convlens.installNative" | "convlens.showLog" | "convlens.restart" }): void;
};

/** What a command has a page do: count dead filters over a folder, or begin the lesson. */
export type Errand =
  { readonly kind: "count"; readonly folder: string } | { readonly kind: "lesson" };

/** Host -> panel, pushed without being asked. */
export type HostEvent =
  /** `heard`: the last turn of the page that is in it. */
  | { readonly type: "intent"; readonly intent: Intent; readonly heard: number }
  | { readonly type: "engine"; readonly engine: EngineInfo | null }
  | { readonly type: "modelChanged" }
  | { readonly type: "errand"; readonly errand: Errand }
  /** A checkpoint is new or was written again, stays unreadable, or went away. */
  | {
      readonly type: "seriesChanged";
      readonly series: Series;
      readonly file: string;
      readonly state: "whole" | "broken" | "gone";
    }
  | { readonly type: "computeRestarted"; readonly reason: string };
