import type { Aim } from "../../session/index.ts";
import { whereText } from "../../shared/where.ts";

/** The output and the place that a result speaks about, for the JSON. */
export const ofOutput = (aim: Aim | undefined): Record<string, unknown> =>
  aim
    ? {
        output: aim.output.spec.name,
        kind: aim.output.kind,
        ...(aim.where && { target: whereText(aim.where) }),
      }
    : {};

/** The same for people: nothing where it is a classifier's only answer. */
export function targetText({ output, where }: Aim): string[] {
  if (where) return [`of ${whereText(where)} in the output '${output.spec.name}' (${output.kind})`];
  return [];
}
