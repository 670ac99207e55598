import type { Value } from "./values.ts";

/** Names and what they stand for; a function sees those around it. */
export class Scope {
  private readonly names = new Map<string, Value>();

  constructor(private readonly outer: Scope | null = null) {}

  get(name: string): Value | null {
    return this.names.get(name) ?? this.outer?.get(name) ?? null;
  }
  /** Only what is defined here. */
  own(name: string): Value | null {
    return this.names.get(name) ?? null;
  }
  /** The name that stands for exactly this value. */
  nameOf(value: Value): string | null {
    for (const [name, held] of this.names) if (held === value) return name;
    return null;
  }
  set(name: string, value: Value): void {
    this.names.set(name, value);
  }
}
