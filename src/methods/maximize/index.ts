/** Inputs that maximise a filter, a unit, a direction or a class. One file a recipe; this table is the list. */
import { maco } from "./maco.ts";
import { plain } from "./plain.ts";
import { robust } from "./robust.ts";
import type { Maximized, MaximizeRequest } from "./types.ts";

export type { Objective, Term } from "./objective.ts";
export type { MaximizeRequest } from "./types.ts";

export const recipes = { plain, robust, maco } satisfies Readonly<
  Record<string, (request: MaximizeRequest) => Promise<Maximized>>
>;
