import { usageError } from "../base/errors.ts";
import { parseTarget, type Where } from "../shared/where.ts";
import { textOf } from "./arguments.ts";
import { OUTPUT } from "./schema.ts";
import type { ArgumentsSchema, ToolArguments } from "./types.ts";

/** The arguments of tools that ask about a place in an output. */
export const TARGET: ArgumentsSchema["properties"] = {
  ...OUTPUT,
  target: {
    type: "string",
    description:
      "What is asked about where the output has no classes for the whole picture: box:N, pixel:ROW,COLUMN, polygon:ROW,COLUMN,..., region:FILE.png, predicted, unit:N, token:N, like:PICTURE (how alike its embedding is) or mean; the kind's own if left out.",
  },
};

/** What a tool is asked about: the class there is a text still, null where none is named. */
interface Asked {
  readonly output: string | null;
  readonly where: Where | null;
  readonly wanted: string | null;
}

/** Throws a ConvLensError of kind `usage` for a target that is none. */
export function askedOf(args: ToolArguments): Asked {
  const target = textOf(args, "target");
  const { where, classes } = target === "" ? { where: null, classes: null } : parseTarget(target);
  const named = textOf(args, "class");
  if (classes !== null && named !== "")
    throw usageError(`The target ${target} names a class already: leave 'class' out.`);
  return {
    output: textOf(args, "output") || null,
    where,
    wanted: (classes ?? named) || null,
  };
}
