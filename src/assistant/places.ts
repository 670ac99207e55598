import path from "node:path";
import { inputError } from "../base/errors.ts";
import { reallyAmong } from "../files/real-place.ts";
import { DESCRIBING_FILES } from "../shared/model-folder.ts";
import { fileOf, whereOf } from "../shared/where.ts";
import { textOf } from "./arguments.ts";
import { IMAGE, IMAGES, MODEL } from "./schema.ts";
import type { ToolArguments } from "./types.ts";

/** The arguments that name files and folders. */
const PLACES = Object.keys({ ...MODEL, ...IMAGE, ...IMAGES });

/**
 * An assistant reads `roots` (files and folders) and what lies below, links followed, and nothing else. Throws a ConvLensError of kind
 * `input` that names the first place outside.
 */
export async function checkPlaces(args: ToolArguments, roots: readonly string[]): Promise<void> {
  // a target may name a picture as well
  const targeted = fileOf(whereOf(textOf(args, "target"))) ?? "";
  const named = [...PLACES.map((name) => textOf(args, name)), targeted].filter(
    (place) => place !== "",
  );
  for (const place of named)
    // a folder is read by the file that describes it, which may be a link
    for (const file of ["", ...DESCRIBING_FILES].map((name) => path.join(place, name)))
      if (!(await reallyAmong(file, roots))) throw outside(place, roots);
}

const outside = (place: string, roots: readonly string[]): Error =>
  inputError(
    roots.length === 0
      ? `'${place}' is not read: no folder is open to assistants; open one in the editor, or start convlens mcp with --root DIR.`
      : `'${place}' lies outside of what assistants may read (${roots.slice(0, 5).join(", ")}${roots.length > 5 ? ", ..." : ""}); open its folder in the editor, or start convlens mcp with --root DIR.`,
  );
