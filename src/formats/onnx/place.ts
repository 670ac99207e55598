import type { Environment } from "./environment.ts";
import type { Attribute } from "./proto.ts";

/** What stands around a list of nodes: the model's graph, a function's body, or a branch. */
export interface Place {
  readonly names: Environment;
  readonly prefix: string;
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes of the call, in a function. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly depth: number;
  /** Values whose axis 1 counts channels. */
  readonly pictures: ReadonlySet<string>;
}

/** In a function an attribute may name one of the call's. */
export function resolved(
  own: ReadonlyMap<string, Attribute>,
  given: ReadonlyMap<string, Attribute>,
): ReadonlyMap<string, Attribute> {
  const all = new Map<string, Attribute>();
  for (const [name, attribute] of own) {
    if (attribute.reference === undefined) all.set(name, attribute);
    else {
      const value = given.get(attribute.reference);
      if (value) all.set(name, { ...value, name });
    }
  }
  return all;
}
