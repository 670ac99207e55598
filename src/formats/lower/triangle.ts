import { select, cast, number } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { known, range, type Value } from "./value.ts";

/** Zeros below a diagonal of the matrices in the last two axes (`upper`), or above it; diagonal 0 is the main one, 1 is above it. */
export function triangle(l: Lowering, x: Value, diagonal: number, upper: boolean): Value {
  const [rows, columns] = [known(x.shape, -2), known(x.shape, -1)];
  const kept = range(rows * columns).map((cell) => {
    const off = (cell % columns) - Math.floor(cell / columns) - diagonal;
    return +(upper ? off >= 0 : off <= 0);
  });
  const mask = { kind: "numbers", type: "bool", shape: [rows, columns], data: kept } as const;
  return select(l, mask, x, cast(l, number(0), l.dtype(x)));
}
