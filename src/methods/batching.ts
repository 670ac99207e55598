/** Batches of rows that know nothing of each other, in parts that fit into memory. */
import type { Engine, Program } from "../engine/types.ts";
import { at } from "../base/at.ts";
import { breathe } from "../base/errors.ts";
import { joinRows, takeRows } from "../base/rows.ts";
import type { TensorData } from "../base/tensor.ts";

/**
 * How many of `rows` these programs run at once, one program after the other: parts of nearly equal size, at least one row. Where
 * a file fixes its batch: that many.
 */
export function rowsAtOnce(
  { runBytes }: Pick<Engine, "runBytes">,
  programs: readonly Program[],
  rows: number,
): number {
  const fixed = programs.find(({ batch }) => batch !== null)?.batch ?? null;
  if (fixed !== null) return fixed;
  if (rows <= 1) return 1;
  const most = Math.max(...programs.map((program) => program.rowBytes));
  const fit = Math.max(1, Math.min(rows, Math.floor(runBytes / most)));
  return Math.ceil(rows / Math.ceil(rows / fit));
}

/**
 * `program.run(feeds)`, as many rows at once as the engine's memory for a run takes. Every feed and every result has a row for each
 * row of the batch along axis 0, and no row depends on another.
 */
export async function runRows(
  engine: Pick<Engine, "runBytes">,
  program: Program,
  feeds: readonly TensorData[],
): Promise<TensorData[]> {
  const rows = at(at(feeds, 0).shape, 0);
  const atOnce = rowsAtOnce(engine, [program], rows);
  if (atOnce >= rows) return program.run(feeds);
  const parts: TensorData[][] = [];
  for (let first = 0; first < rows; first += atOnce) {
    // others are answered between two parts
    if (first > 0) await breathe(undefined);
    const last = Math.min(rows, first + atOnce);
    parts.push(await program.run(feeds.map((feed) => takeRows(feed, first, last))));
  }
  return at(parts, 0).map((_, i) => joinRows(parts.map((part) => at(part, i))));
}
