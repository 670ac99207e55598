import type { Origin } from "./packed.ts";
import type { Structure } from "./structure.ts";

/** A structure under the name of the person's own program that gave it. */
export const withOrigin = (structure: Structure, name: string, origin: Origin): Structure => ({
  ...structure,
  name,
  origin,
  pack: () => {
    const kept = structure.pack();
    return kept && { ...kept, name, origin };
  },
});
