import type { Command } from "../command.ts";

/** A command of the command line; one without `load` is promised and not there yet. */
export interface CommandEntry {
  readonly summary: string;
  /** Loaded only when it is called: a command pays for what it uses. */
  readonly load?: () => Promise<{ readonly command: Command }>;
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  inspect: {
    summary: "layers, shapes, parameters, multiply-adds, receptive fields, preprocessing",
    load: () => import("./inspect.ts"),
  },
  predict: { summary: "the most likely classes", load: () => import("./predict.ts") },
  filters: { summary: "one layer's kernels as a grid", load: () => import("./filters.ts") },
  activations: { summary: "feature maps of layers", load: () => import("./activations.ts") },
  maximize: { summary: "an input that maximises a filter or a class" },
  cam: { summary: "where the network looks: Grad-CAM heat map", load: () => import("./cam.ts") },
  attribute: { summary: "gradient attribution to pixels" },
  attack: { summary: "one-pixel and k-pixel attacks" },
  census: { summary: "dead and saturated filters over a folder of pictures" },
  report: { summary: "all of the above as one HTML file" },
  doctor: {
    summary: "which engines are ready here, with versions and reasons",
    load: () => import("./doctor.ts"),
  },
};
