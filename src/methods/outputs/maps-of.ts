/** Outputs that are maps over the picture. */
import type { Facts } from "./types.ts";

/** Axes of an output as rows, columns and numbers, and maybe one more. */
export interface Map4 {
  readonly rows: number;
  readonly columns: number;
  readonly cells: string;
  readonly numbers: number;
  readonly axis: number;
  readonly places: readonly number[];
  /** An axis of anchors of their own. */
  readonly apart: number | null;
  /** That axis comes before rows and columns. */
  readonly apartFirst: boolean;
}

/** The output as a map; null where it is none. */
export function mapOf(axes: Facts["axes"]): Map4 | null {
  const row = axes.find(({ along }) => along === "rows");
  const column = axes.find(({ along }) => along === "columns");
  const others = axes.filter((axis) => axis !== row && axis !== column);
  const last = others.at(-1);
  if (!row || !column || !last || others.length > 2) return null;
  const apart = others.length === 2 ? (others[0] ?? null) : null;
  return {
    ...{ rows: row.size, columns: column.size, cells: `${row.size} x ${column.size}` },
    ...{ numbers: last.size, axis: last.index, apart: apart?.size ?? null },
    apartFirst: apart !== null && apart.index < row.index,
    places: axes.filter((axis) => axis !== last).map(({ index }) => index),
  };
}
