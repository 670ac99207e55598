import { inputError } from "../../base/errors.ts";
import type { Value } from "../lower/index.ts";

/** A value of the file by its name; `value` is null behind something opaque whose shape the file does not tell. */
export interface Entry {
  readonly value: Value | null;
  /** The layer that made it; null for constants. */
  readonly layer: string | null;
  /** The layer to blame for an unknown shape. */
  readonly unknown: string | null;
}

/** Names in scope: a graph's own, and those of the graph around it. */
export class Environment {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly file: string,
    private readonly outer: Environment | null = null,
  ) {}

  /** Throws a ConvLensError of kind `input` for a name that is made a second time: which of both is meant nobody knows. */
  set(name: string, entry: Entry): void {
    if (this.entries.has(name))
      throw inputError(`'${this.file}' makes its value '${name}' twice; export the model again.`);
    this.entries.set(name, entry);
  }
  find(name: string): Entry | null {
    return this.entries.get(name) ?? this.outer?.find(name) ?? null;
  }
  /** Throws a ConvLensError of kind `input` for a name that nothing made. */
  get(name: string): Entry {
    const found = this.find(name);
    if (found) return found;
    throw inputError(
      `'${this.file}' refers to a value '${name}' that none of its nodes makes before; export the model again.`,
    );
  }
}
