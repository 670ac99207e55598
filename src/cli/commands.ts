import type { CommandName } from "./command-names.ts";
import type { Command } from "./command.ts";

/** A command of the command line. */
export interface CommandEntry {
  readonly summary: string;
  /** Whether it always runs the network: the engine's libraries are loaded while its own code and the model are read. */
  readonly runs?: true;
  /** Loaded only when it is called: a command pays for what it uses. */
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** All commands by name, in the order of the help. */
export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  inspect: {
    summary: "layers, shapes, parameters, multiply-adds, receptive fields, preprocessing",
    load: () => import("./inspect/command.ts"),
  },
  predict: {
    summary: "the most likely classes",
    runs: true,
    load: () => import("./predict/command.ts"),
  },
  filters: { summary: "one layer's kernels as a grid", load: () => import("./filters/command.ts") },
  activations: {
    summary: "feature maps of layers",
    runs: true,
    load: () => import("./activations/command.ts"),
  },
  maximize: {
    summary: "an input that maximises a filter or a class",
    runs: true,
    load: () => import("./maximize/command.ts"),
  },
  cam: {
    summary: "where the network looks: Grad-CAM heat map",
    runs: true,
    load: () => import("./cam/command.ts"),
  },
  attribute: {
    summary: "which pixels speak for a class: gradients, Integrated Gradients, RISE ...",
    runs: true,
    load: () => import("./attribute/command.ts"),
  },
  attack: {
    summary: "one-pixel and k-pixel attacks",
    runs: true,
    load: () => import("./attack/command.ts"),
  },
  census: {
    summary: "dead and saturated filters over a folder of pictures",
    runs: true,
    load: () => import("./census/command.ts"),
  },
  profile: {
    summary: "one filter: kernel, maximised input, top patches, histogram, influence on classes",
    runs: true,
    load: () => import("./filter-profile/command.ts"),
  },
  compare: {
    summary: "two models, or two pictures, side by side: layers, filters, maps, heat maps, classes",
    load: () => import("./compare/command.ts"),
  },
  report: {
    summary: "predictions, heat maps, feature maps and filters as one HTML file",
    runs: true,
    load: () => import("./report/command.ts"),
  },
  export: {
    summary:
      "the network of a file of weights, from the program that made it: runs your own Python",
    load: () => import("./export/command.ts"),
  },
  mcp: {
    summary: "answers assistants over the Model Context Protocol (standard input and output)",
    load: () => import("./mcp/command.ts"),
  },
  doctor: {
    summary: "which engines are ready here; with a model and pictures, which preprocessing fits",
    load: () => import("./doctor/command.ts"),
  },
};
