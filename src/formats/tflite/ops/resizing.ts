import { Unsupported, type Lower } from "../scope.ts";

/** `corners` and `centres`: the options that say how grids are laid over each other. */
const resize =
  (op: "resizeBilinear" | "resizeNearest", corners: number, centres: number): Lower =>
  (scope) => {
    const [rows = 0, columns = 0] = scope.ints(1);
    if (rows < 1 || columns < 1) throw new Unsupported("its size is not known");
    return scope.op(op, [scope.node(0)], {
      size: [rows, columns],
      centres: scope.bool(corners) ? "corners" : scope.bool(centres) ? "half-pixel" : "legacy",
    });
  };
export const resizeBilinear = resize("resizeBilinear", 2, 3);
export const resizeNearest = resize("resizeNearest", 0, 1);
