import { meaningOf, type Place } from "../../session/index.ts";
import { whereText } from "../../shared/where.ts";

/** The output and the place that a result speaks about, for the JSON; `classes`: which there, where one number shows only one way. */
export function ofOutput(
  place: Place | null | undefined,
  classes: readonly number[] = [],
): Record<string, unknown> {
  if (!place) return {};
  const { output, where } = place;
  const meanings = [...new Set(classes.flatMap((index) => meaningOf(place, index) ?? []))];
  return {
    ...{ output: output.spec.name, kind: output.kind },
    ...(where && { target: whereText(where) }),
    ...(meanings.length > 0 && { meaning: meanings.join(", ") }),
  };
}

/** The same for people: nothing where it is a classifier's only answer. */
export function targetText(place: Place, classes: readonly number[] = []): string[] {
  const { output, where } = place;
  const of = where ? ` of ${whereText(where)}` : "";
  const meanings = [...new Set(classes.flatMap((index) => meaningOf(place, index) ?? []))];
  if (!where && meanings.length === 0) return [];
  const what = meanings.length > 0 ? ` (${meanings.join(", ")})` : "";
  return [
    `${of.trim() || "of the value"} in the output '${output.spec.name}' (${output.kind})${what}`,
  ];
}
