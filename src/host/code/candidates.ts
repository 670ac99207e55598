/** Which model file a script belongs to, by the paths it writes to. */
import path from "node:path";
import type { SavedPath } from "../../shared/contract/code.ts";

/** A model file of the workspace, and when it was last written. */
export interface ModelFile {
  readonly path: string;
  /** Milliseconds. */
  readonly modified: number;
}

/** Files of one checkout or one training step are as old as each other. */
const SAME_AGE_MS = 60_000;
/** Exporters to these give layers names of their own: of files as old as each other, one that keeps the code's names is taken. */
const RENAMES = /\.(onnx|tflite|pb)$/i;

/**
 * The file a script wrote last. Relative paths are tried from the script's folder and from each root; `*` stands for anything but a
 * separator. Of files as old as each other one with the code's own names is taken; of those the one that is written by its full name, and
 * last in the script.
 */
export function modelOfScript(
  saves: readonly SavedPath[],
  folders: readonly string[],
  files: readonly ModelFile[],
): string | null {
  const matches = saves.flatMap(({ pattern }, order) => {
    const tests = folders.map((folder) => matcher(path.resolve(folder, pattern)));
    return files
      .filter((file) => tests.some((test) => test.test(file.path)))
      .map((file) => ({ file, order, exact: !pattern.includes("*") }));
  });
  const [best] = matches.sort(
    (a, b) =>
      age(b.file) - age(a.file) ||
      Number(RENAMES.test(a.file.path)) - Number(RENAMES.test(b.file.path)) ||
      Number(b.exact) - Number(a.exact) ||
      b.order - a.order ||
      b.file.path.localeCompare(a.file.path),
  );
  return best?.file.path ?? null;
}

const age = ({ modified }: ModelFile): number => Math.round(modified / SAME_AGE_MS);

/** Keras writes checkpoints and weights under names that its caller may leave without an ending. */
const matcher = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^/\\\\]*")}$`,
  );
