/** What every part of a panel is given (one immutable value), and how a part answers: with events that bubble. */
import type { EngineInfo } from "../../../src/shared/engines.ts";
import type { Picture, Prediction, Provenance } from "../../../src/shared/contract/lenses.ts";
import type { LabelsGiven, ModelSummary } from "../../../src/shared/contract/model.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import type { Series } from "../../../src/shared/contract/training.ts";
import type { SourceLine } from "../../../src/graph/types.ts";
import type { Remote } from "../../../src/rpc/index.ts";
import type { Counted } from "./census.ts";

/** All that a part of a panel draws from; made anew when something in it changes, never changed. */
export interface App {
  readonly remote: Remote<PanelContract>;
  readonly summary: ModelSummary;
  readonly intent: Intent;
  /** null: none is running. */
  readonly engine: EngineInfo | null;
  /** The workspace is trusted: without that no network is run. */
  readonly trusted: boolean;
  /** Grows when earlier results no longer hold: the file or the preprocessing changed. */
  readonly epoch: number;
  /** The chosen picture as the network sees it, and what the network says of it. */
  readonly picture: Picture | null;
  readonly prediction: Prediction | null;
  /** Filters counted over a folder of pictures, so far or to the end; whether that goes on. */
  readonly census: Counted | null;
  readonly counting: boolean;
  /** The checkpoints of the training that the model belongs to. */
  readonly series: Series;
}

/** Commands of the extension that a panel may have the host run. */
export type PanelCommand = "convlens.installNative" | "convlens.showLog" | "convlens.restart";

interface Events {
  /** Another choice: a part of the intent. */
  "convlens-intent": Partial<Intent>;
  /** A result arrived: for the footer. */
  "convlens-provenance": Provenance;
  /** A sentence to show for a moment. */
  "convlens-notice": string;
  "convlens-command": PanelCommand;
  "convlens-save": { name: string; bytes: Uint8Array };
  /** Opens the line of training code that made a layer. */
  "convlens-source": SourceLine;
  "convlens-pick-images": null;
  /** Names the classes. */
  "convlens-labels": LabelsGiven;
  "convlens-preprocessing": null;
  /** Asks for what inputs beside the picture are; the sidecar at this path says it now. */
  "convlens-besides": null;
  "convlens-stated": string;
  /** Begins a new page in place of this one. */
  "convlens-reload": null;
  "convlens-lesson-end": null;
  /** Counts dead filters: over a folder that is asked for, or on where it was stopped. */
  "convlens-census": "new" | "on";
}

/** Sends an event up to the inspector, through the shadow roots in between. */
export function send<K extends keyof Events>(from: EventTarget, type: K, detail: Events[K]): void {
  from.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

declare global {
  interface HTMLElementEventMap {
    "convlens-intent": CustomEvent<Partial<Intent>>;
    "convlens-provenance": CustomEvent<Provenance>;
    "convlens-notice": CustomEvent<string>;
    "convlens-command": CustomEvent<PanelCommand>;
    "convlens-save": CustomEvent<{ name: string; bytes: Uint8Array }>;
    "convlens-source": CustomEvent<SourceLine>;
    "convlens-pick-images": CustomEvent<null>;
    "convlens-labels": CustomEvent<LabelsGiven>;
    "convlens-preprocessing": CustomEvent<null>;
    "convlens-besides": CustomEvent<null>;
    "convlens-stated": CustomEvent<string>;
    "convlens-reload": CustomEvent<null>;
    "convlens-census": CustomEvent<"new" | "on">;
  }
}
