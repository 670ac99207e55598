/** The ways in which operations read their inputs. */
import { at } from "../../base/at.ts";
import type { AxisReads, Call, Line, Sized } from "./definition.ts";
import type { Made } from "./attributes.ts";

/** Cells that a line has within this of its ends count: lines are real numbers, cells whole ones. */
export const ROUNDING = 1e-9;

/** The cell at the same place of the output's axis `axis`, or as `how` differs. */
export const line = (axis: number, how: Partial<Omit<Line, "axis">> = {}): Line => ({
  axis,
  step: how.step ?? 1,
  low: how.low ?? 0,
  high: how.high ?? how.low ?? 0,
  beyond: how.beyond ?? "padding",
});
/** Of input `index`: throws a RangeError when there is none. */
export const input = (call: Call<Made>, index: number): Sized => at(call.inputs, index);

/** The same cell of an input with NumPy's broadcasting: one cell of an axis that it has once, or not at all. */
export function cellwise(call: Pick<Call<Made>, "inputs" | "shape">, index: number): AxisReads[] {
  const { shape } = at(call.inputs, index);
  const lead = call.shape.length - shape.length;
  return shape.map((size, axis) =>
    size === at(call.shape, axis + lead) ? line(axis + lead) : "all",
  );
}
/** The same cell, but every one along the axes that `mixed` says. */
export const alongAll =
  (mixed: (axis: number, call: Call<Made>) => boolean) =>
  (call: Call<Made>, index: number): AxisReads[] =>
    cellwise(call, index).map((own, axis) => (mixed(axis, call) ? "all" : own));
