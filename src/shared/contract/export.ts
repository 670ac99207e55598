/** The run of a checkpoint: what makes its network, and with what. */
import type { Library } from "./code.ts";

/** Something of a script that makes a network. */
export interface ScriptEntry {
  readonly name: string;
  readonly kind: "class" | "function" | "variable";
  readonly library: Library;
  readonly line: number;
  /** Without `self`; `standard` is the default as it is written, null where it has none. */
  readonly parameters: readonly { readonly name: string; readonly standard: string | null }[];
  /** Whether it takes others by name, too: `**kwargs`. */
  readonly others: boolean;
}
/** A call in a script, by its last name; null stands for what only a run knows. */
export interface EntryCall {
  readonly name: string;
  readonly positional: readonly (string | null)[];
  readonly named: readonly (readonly [name: string, value: string | null])[];
}
/** See `readEntries`. */
export interface ScriptEntries {
  readonly entries: readonly ScriptEntry[];
  readonly calls: readonly EntryCall[];
}

/** A script that may make the network. */
export interface ScriptText {
  readonly file: string;
  readonly code: string;
}

/** One that is offered, the likeliest first. */
export interface ExportChoice {
  readonly script: string;
  readonly entry: ScriptEntry;
  /** `name=value`, of the checkpoint and the scripts; a value that nothing tells is empty. */
  readonly given: readonly string[];
  /** The same, of what the checkpoint keeps, for an argument that holds settings (`args`, `cfg`): those that the script names. */
  readonly settings: readonly string[];
  /** Layers of the code that the file has by their names, of all that the code has. */
  readonly found: number;
  readonly layers: number;
}

/** What the run of a checkpoint is offered with. */
export interface ExportChoices {
  readonly choices: readonly ExportChoice[];
  /** Whose file of weights it is. */
  readonly library: Library;
  /** The likeliest shape of the input, as the library has pictures: `1x3x224x224`, `1x224x224x3`; empty where nothing says it. */
  readonly input: string;
}

/** What runs it. */
export interface ExportTools {
  /** The helper that is run. */
  readonly helper: string;
  /** Interpreters of the folders and of the environment, as absolute paths. */
  readonly pythons: readonly string[];
}
