/** Inputs that maximise a filter, a unit, a direction or a class. */
import type { RecipeName } from "../../shared/catalogue.ts";
import { maco } from "./maco/index.ts";
import { plain } from "./plain/index.ts";
import { robust } from "./robust/index.ts";
import type { Maximized, MaximizeRequest } from "./types.ts";

export type { Objective, Term } from "./objective.ts";
export type { MaximizeRequest } from "./types.ts";

/** The code of every recipe. */
export const recipes: Readonly<
  Record<RecipeName, (request: MaximizeRequest) => Promise<Maximized>>
> = { plain, robust, maco };
