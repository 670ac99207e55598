/** The tools that package.json contributes, and what VS Code says while each runs. A test compares both lists. */
export const TOOL_MESSAGES = {
  convlens_inspect: "Reading the layers of",
  convlens_predict: "Running",
  convlens_grad_cam: "Looking for what speaks for a class in",
  convlens_dead_filters: "Counting dead filters of",
  convlens_receptive_field: "Finding what a layer sees in",
} as const;
