/** Which model a script made, by the lines of code that exporters record in `.pt2` and ONNX files. */
import type { LayerSummary } from "../shared/contract/model.ts";

/** A file's own record of lines: whose they are, and which. */
export interface Recorded {
  readonly file: string;
  readonly lines: readonly number[];
}

/** The lines of code that a model's layers come from, file by file, each line once. */
export function recordedIn(layers: readonly Pick<LayerSummary, "source">[]): Recorded[] {
  const byFile = new Map<string, Set<number>>();
  for (const { source } of layers)
    if (source) byFile.set(source.file, (byFile.get(source.file) ?? new Set()).add(source.line));
  return [...byFile].map(([file, lines]) => ({ file, lines: [...lines] }));
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
/** Lines that call nothing made no layer: the script was changed since, or it is another one of the same name. */
const CALLS = /^[^#]*\w\s*\(/;
const DEFINES = /^\s*(def|class|import|from|@)\b/;

/**
 * How well a record fits a script: how many of its lines call something there; more where the path is the same, 0 where most lines do not.
 * `file` is the script's path on this machine; the record may be from another one.
 */
export function fitOf(recorded: readonly Recorded[], code: string, file: string): number {
  const text = code.split("\n");
  const calls = (line: number): boolean => {
    const own = text[line - 1] ?? "";
    return CALLS.test(own) && !DEFINES.test(own);
  };
  const fits = recorded
    .filter((record) => baseName(record.file) === baseName(file))
    .map((record) => {
      const found = record.lines.filter(calls).length;
      const same = record.file === file.replaceAll("\\", "/");
      return found * 2 < record.lines.length ? 0 : found * (same ? 1000 : 1);
    });
  return Math.max(0, ...fits);
}
