/** What commands are called. */
export type CommandName =
  | "inspect"
  | "predict"
  | "filters"
  | "activations"
  | "maximize"
  | "cam"
  | "attribute"
  | "attack"
  | "census"
  | "profile"
  | "compare"
  | "report"
  | "export"
  | "mcp"
  | "doctor";

/** Names that commands had before. */
export const ALIASES: Readonly<Record<string, CommandName>> = { passport: "profile" };
