/** Maps of a detector's heads, side by side as one table of cells. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder, NodeId, Pair } from "../../../graph/index.ts";
import type { Map4 } from "../maps-of.ts";
import { table } from "../scores-at.ts";
import type { Facts } from "../types.ts";

/** One output that is a map of a head. */
export interface Head {
  /** Which of the outputs. */
  readonly output: number;
  readonly facts: Facts;
  readonly map: Map4;
  /** Rows and columns of the picture for one of the map's. */
  readonly stride: Pair;
}

/** The output as a head; null where its cells are no whole number of the picture's pixels. */
export function headOf(facts: Facts, output: number, map: Map4): Head | null {
  const { picture } = facts;
  if (!picture) return null;
  const stride = [picture[0] / map.rows, picture[1] / map.columns] as const;
  return stride.every(Number.isInteger) ? { output, facts, map, stride } : null;
}

/** The numbers of a head as [N, cells, numbers]; with `anchors`, those of a cell one after another as [N, cells * anchors, numbers]. */
export function cellsOf(builder: GraphBuilder, { facts, map }: Head, anchors = 1): NodeId {
  const apart = map.apart ?? 1;
  const split = anchors / apart;
  const numbers = map.numbers / split;
  const places = map.rows * map.columns * anchors;
  const layout = { places: map.places, numbers: map.axis, split };
  return table(builder, facts.spec.node, { layout, places, numbers }, [0, numbers]);
}

/** A row for each cell of the heads, `times` over, in the order of the table; `make` is told the cell's row, column and stride. */
export function eachCell(
  heads: readonly Head[],
  make: (cell: {
    readonly head: number;
    readonly row: number;
    readonly column: number;
    readonly stride: Pair;
  }) => readonly number[],
): number[] {
  return heads.flatMap(({ map: { rows, columns }, stride }, head) =>
    Array.from({ length: rows * columns }, (_, cell) =>
      make({ head, stride, row: Math.floor(cell / columns), column: cell % columns }),
    ).flat(),
  );
}

/** Numbers [1, rows, width] that the file does not have. */
export const constant = (builder: GraphBuilder, data: readonly number[], width: number): NodeId =>
  builder.constant(
    { dtype: "float32", shape: [1, data.length / width, width], data: Float32Array.from(data) },
    "cells",
  );

/** Some columns of a table [N, places, columns]. */
export function columns(builder: GraphBuilder, id: NodeId, from: number, to: number): NodeId {
  const [, , width] = builder.shape(id);
  if (from === 0 && to === width) return id;
  const cut = { begin: [0, 0, from], size: [null, null, to - from] };
  return builder.add("slice", "columns", [id], cut);
}

/** Tables one below the other. */
export const below = (builder: GraphBuilder, tables: readonly NodeId[]): NodeId =>
  tables.length === 1 ? at(tables, 0) : builder.add("concat", "heads", tables, { axis: 1 });
