import type { InputSize } from "../../base/preprocessing.ts";
import { alongAxes } from "../input-size.ts";
import { BATCH } from "../lower/index.ts";
import type { Program, Size } from "./schema.ts";

/** The sizes with which a program is lowered. */
export interface InputSizes {
  /** By the input's name, in the file's order of axes; a free batch is BATCH. */
  readonly shapes: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly type: string; readonly free: boolean }
  >;
  /** The batch of the example that the program was exported with; null where there is none. */
  readonly batch: number | null;
}

/** The first axis is the batch, left `free` or as the example's. Other sizes that the file leaves free are `size`, or those of the example; said in `notes`. */
export function inputSizes(
  program: Program,
  free: boolean,
  size: InputSize | undefined,
  notes: Set<string>,
): InputSizes {
  const users = program.inputs.flatMap(({ kind, name }) => {
    const meta = program.metas.get(name);
    return kind === "user" && meta ? [{ name, meta }] : [];
  });
  const first = users.find(({ meta }) => meta.sizes.length >= 2)?.meta.sizes[0];
  const isBatch = (one: Size | undefined): boolean =>
    first !== undefined && one?.hint === first.hint && one.symbol === first.symbol;
  const shapes = users.map(({ name, meta: { sizes, type } }) => {
    const rank = sizes.length;
    const shape = sizes.map((one, axis) => {
      if (axis === 0 && isBatch(one)) return free ? BATCH : one.hint;
      const given = axis >= 2 ? alongAxes(size, rank - 2)[axis - 2] : undefined;
      return one.symbol === null ? one.hint : (given ?? one.hint);
    });
    const open = sizes.some(({ symbol }, axis) => axis > 0 && symbol !== null);
    if (open)
      notes.add(
        `The file leaves the size of its input '${name}' free; ${shape.slice(1).join(" x ")} is used (${size ? "as given" : (program.sizesFrom ?? "the example's")}).`,
      );
    return [name, { shape, type, free: open }] as const;
  });
  return { shapes: new Map(shapes), batch: first?.hint ?? null };
}
