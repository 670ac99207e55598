import { ATTACKS, ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../../shared/catalogue.ts";
import type { Change } from "../panels/panels.ts";
import type { Services } from "../services.ts";
import { attack, attribute, maximize } from "./experiments.ts";
import type { Command, MethodId } from "./ids.ts";
import { cam } from "./lenses.ts";

/** Which lens a method is opened with, and what chooses it there. */
const OPENED = [
  ...Object.values(CAM_METHODS).map(
    ({ id, palette }) => [palette, cam, { camMethod: id }] as const,
  ),
  ...Object.values(ATTRIBUTIONS).map(
    ({ id, palette }) => [palette, attribute, { attribution: id }] as const,
  ),
  ...Object.values(ATTACKS).map(({ id, palette }) => [palette, attack, { attack: id }] as const),
  ...Object.values(RECIPES).map(({ id, palette }) => [palette, maximize, { recipe: id }] as const),
] satisfies (readonly [
  palette: string | null,
  open: (services: Services, chosen: Change) => Command,
  chosen: Change,
])[];

/** A lens asks its own questions, and opens with the method chosen. */
export const methodCommands = (services: Services): Record<MethodId, Command> =>
  Object.fromEntries(
    OPENED.filter(([palette]) => palette !== null).map(([palette, open, chosen]) => [
      `convlens.${String(palette)}`,
      open(services, chosen),
    ]),
  ) as Record<MethodId, Command>;
