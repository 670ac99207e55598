/** Which commands use an option. */
import type { CommandName } from "../../command-names.ts";

/** One option. */
export interface OptionHelp {
  /** Its value's name in the help; null for a switch. */
  readonly value: string | null;
  readonly help: string;
  /** The commands that use it. */
  readonly of: readonly CommandName[];
  /** Commands that use it only beside one of other options, or (`model`) a model. */
  readonly beside?: Partial<Readonly<Record<CommandName, readonly string[]>>>;
}

/** Commands that look at a picture or an array. */
export const LOOKS = ["predict", "activations", "cam", "attribute", "attack"] as const;

/** Commands that ask about a target. */
export const EXPLAINS = ["cam", "attribute", "attack", "maximize", "compare", "report"] as const;

/** Commands that run the network of a picture. */
export const RUNS = [
  ...LOOKS,
  "maximize",
  "census",
  "profile",
  "compare",
  "report",
  "doctor",
] as const;

/** Commands that open a model. */
export const OPENS = ["inspect", "filters", ...RUNS] as const;

/** Commands that answer once. */
export const ANSWERS = [...OPENS, "export"] as const;
export const ALL = [...ANSWERS, "mcp"] as const;

/** What gives a command that does without something to ask the network about; what else runs it, as a check of the structure does. */
const PICTURES = ["image", "input", "images"] as const;
export const ASKED_BY = { compare: PICTURES, report: PICTURES } as const;
export const RUN_BY = {
  ...{ inspect: ["check-with"], filters: ["check-with"] },
  ...{ compare: [...PICTURES, "check-with"], report: [...PICTURES, "check-with"] },
  doctor: ["model"],
} as const;
