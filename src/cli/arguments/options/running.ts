import { LOOKS, OPENS, RUN_BY, type OptionHelp } from "./users.ts";

/** How it is run and judged. */
export const RUNNING = {
  engine: { value: "NAME", help: "auto, native or wasm", of: [...OPENS, "mcp"], beside: RUN_BY },
  batch: {
    value: "N",
    help: "pictures that are run at a time (at most 16 of 224x224, and what 1 GB takes)",
    of: [...LOOKS, "maximize", "census", "profile"],
  },
  seed: {
    value: "N",
    help: "seed of what is random (0)",
    of: ["cam", "attribute", "attack", "maximize", "profile"],
    beside: { cam: ["sanity"] },
  },
  steps: {
    value: "N",
    help: "steps of what is iterated; samples, masks, generations; occlusion: side of the window",
    of: ["attribute", "attack", "maximize", "profile"],
  },
  baseline: {
    value: "NAME",
    help: "what stands for nothing: black, mean (colour) or blurred",
    of: ["attribute"],
  },
  trust: {
    value: null,
    help: "deletion and insertion, how well the map orders pixels",
    of: ["cam", "attribute"],
  },
  sanity: {
    value: null,
    help: "whether the map changes when the weights are shuffled",
    of: ["cam", "attribute"],
  },
  images: {
    value: "DIR",
    help: "a folder of pictures; maximize: what they reach is told beside",
    of: ["census", "maximize", "profile", "report"],
  },
} as const satisfies Record<string, OptionHelp>;
