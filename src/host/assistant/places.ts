import { existsSync } from "node:fs";
import path from "node:path";

/** A folder of the workspace. */
export interface Root {
  readonly name: string;
  readonly path: string;
}

/**
 * The file that a language model means by a relative path: in the folder of the workspace that has it, or, where a workspace has several
 * folders, behind the folder's name, as VS Code writes such paths. One that is nowhere is looked for in the first, and said to be missing there.
 */
export function placeIn(
  roots: readonly Root[],
  relative: string,
  exists: (file: string) => boolean = existsSync,
): string {
  const [first, ...rest] = relative.split(/[\\/]/);
  const named = roots.filter(({ name }) => name === first && rest.length > 0);
  const candidates = [
    ...roots.map((root) => path.join(root.path, relative)),
    ...named.map((root) => path.join(root.path, ...rest)),
  ];
  return candidates.find(exists) ?? candidates[0] ?? relative;
}
