/** Batches of rows that know nothing of each other, in parts that fit into memory. */
import type { Engine, Program } from "../engine/types.ts";
import { breathe } from "../base/errors.ts";
import { sizeOf, type TensorData } from "../base/tensor.ts";

/** How many of `rows` these programs run at once, one program after the other: parts of nearly equal size, at least one row. */
export function rowsAtOnce(
  { runBytes }: Pick<Engine, "runBytes">,
  programs: readonly Program[],
  rows: number,
): number {
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
  const rows = feeds[0]?.shape[0] ?? 1;
  const atOnce = rowsAtOnce(engine, [program], rows);
  if (atOnce >= rows) return program.run(feeds);
  const parts: TensorData[][] = [];
  for (let first = 0; first < rows; first += atOnce) {
    // others are answered between two parts
    if (first > 0) await breathe(undefined);
    const last = Math.min(rows, first + atOnce);
    parts.push(await program.run(feeds.map((feed) => some(feed, first, last))));
  }
  const [start = []] = parts;
  return start.map((_, i) => joined(parts.flatMap((part) => part[i] ?? [])));
}

function some({ dtype, shape, data }: TensorData, first: number, last: number): TensorData {
  const size = sizeOf(shape.slice(1));
  const part = data.subarray(first * size, last * size);
  return { dtype, shape: [last - first, ...shape.slice(1)], data: part };
}

function joined(parts: readonly TensorData[]): TensorData {
  const [{ dtype, shape, data } = fail()] = parts;
  const Kind = data.constructor as new (length: number) => typeof data;
  const all = new Kind(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part.data, at);
    at += part.data.length;
  }
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 1), 0);
  return { dtype, shape: [rows, ...shape.slice(1)], data: all };
}

function fail(): never {
  throw new RangeError("a batch has no rows");
}
