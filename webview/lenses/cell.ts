/** The cell of a [height, width, …] map that a place in it, 0..1, belongs to. */
export const cellAt = (
  { u, v }: { readonly u: number; readonly v: number },
  [height, width]: readonly [height: number, width: number, ...rest: number[]],
): { y: number; x: number } => ({ y: Math.floor(v * height), x: Math.floor(u * width) });
