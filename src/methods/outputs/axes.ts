/** Along which side of the picture the axes of an output lie. */
import { at } from "../../base/at.ts";
import {
  onePicture,
  positionsOf,
  type ModelGraph,
  type Pair,
  type TensorSpec,
} from "../../graph/index.ts";
import type { Axis } from "./types.ts";

/** The axes of an output with more than one cell, but for the batch. */
export function axesOf(graph: ModelGraph, spec: TensorSpec): Axis[] {
  const { node, shape, fileShape, slices } = spec;
  const sizes = onePicture(graph.nodes).shape(node);
  if (slices !== undefined)
    return (["rows", "columns", "channels"] as const)
      .map((along, i): Axis => ({ index: i + 1, size: at(sizes, i + 1), along, grid: null }))
      .filter(({ size }) => size > 1);
  const { places, picture } = positionsOf(graph);
  const place = places.get(node);
  const own = sizes.map((size, index): Axis => {
    const digits = place?.axes[index]?.digits.filter((one) => one.steps.some((step) => step !== 0));
    const [first, second] = digits ?? [];
    const cells = { index, size, grid: null };
    if (!first || digits === undefined || digits.length > 2) return { ...cells, along: "channels" };
    const along = digits.map(({ steps: [rows, columns] }) => sideOf(rows, columns));
    if (!second && first.size === size && along[0]) return { ...cells, along: along[0] };
    const whole = second && first.size * second.size === size && along.join() === "rows,columns";
    return whole
      ? { ...cells, along: "grid", grid: [first.size, second.size] }
      : { ...cells, along: "channels" };
  });
  const axes = own.slice(1).filter(({ size }) => size > 1);
  // what the file has before the batch are the steps of a sequence
  const [steps] = axes;
  if (steps?.index === 1 && steps.along === "channels" && (fileShape?.indexOf(null) ?? 0) > 0)
    return [{ ...steps, along: "columns" }, ...axes.slice(1)];
  const found = axes.some(({ along }) => along !== "channels");
  return found || picture === null || shape.length !== 4
    ? axes
    : byShape(axes, sizes, fileShape !== undefined);
}

const sideOf = (rows: number, columns: number): "rows" | "columns" | null =>
  rows !== 0 && columns !== 0 ? null : rows !== 0 ? "rows" : "columns";

/** Where every cell sees everything, homes are lost: rows and columns are the axes where pictures have them. */
function byShape(axes: readonly Axis[], sizes: readonly number[], last: boolean): Axis[] {
  const side = (index: number): Axis["along"] =>
    index === 1 ? "rows" : index === 2 ? "columns" : "channels";
  const maps = at(sizes, 1) > 1 && at(sizes, 2) > 1 && (last || at(sizes, 3) < at(sizes, 1));
  return maps ? axes.map((axis) => ({ ...axis, along: side(axis.index) })) : [...axes];
}

/** Rows and columns of the positions of an output, where it has both. */
export function gridOf(axes: readonly Axis[]): { grid: Pair; places: number[] } | null {
  const whole = axes.find(({ along }) => along === "grid");
  if (whole?.grid) return { grid: whole.grid, places: [whole.index] };
  const [rows, columns] = ["rows", "columns"].map((side) =>
    axes.filter(({ along }) => along === side),
  );
  const [row, column] = [rows?.[0], columns?.[0]];
  if (!row || !column || rows?.length !== 1 || columns?.length !== 1) return null;
  return { grid: [row.size, column.size], places: [row.index, column.index] };
}
