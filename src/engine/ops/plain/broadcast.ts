interface Shaped {
  readonly shape: readonly number[];
}
type Numbers = Float32Array | Int32Array | Uint8Array;

/** For each cell of `shape` in row-major order, the place of the cell of a tensor of shape `from` that is broadcast to it. */
export function broadcastIndex(from: readonly number[], shape: readonly number[]): Int32Array {
  const lead = shape.length - from.length;
  const strides = shape.map(() => 0);
  for (let axis = from.length - 1, step = 1; axis >= 0; axis--) {
    const size = from[axis] ?? 1;
    if (size > 1) strides[axis + lead] = step;
    step *= size;
  }
  let index = Int32Array.of(0);
  shape.forEach((size, axis) => {
    const stride = strides[axis] ?? 0;
    const next = new Int32Array(index.length * size);
    for (let i = 0, at = 0; i < index.length; i++)
      for (let j = 0; j < size; j++) next[at++] = (index[i] ?? 0) + j * stride;
    index = next;
  });
  return index;
}

/** `x` broadcast to `shape`. */
export function expandLoop(shape: readonly number[], x: Shaped) {
  const index = broadcastIndex(x.shape, shape);
  return (out: Numbers, from: Numbers): void => {
    for (let i = 0; i < out.length; i++) out[i] = from[index[i] ?? 0] ?? 0;
  };
}

/** (condition, whenTrue, whenFalse), each broadcast to `shape`. */
export function selectLoop(shape: readonly number[], condition: Shaped, a: Shaped, b: Shaped) {
  const [where, left, right] = [condition, a, b].map((x) => broadcastIndex(x.shape, shape));
  return (out: Numbers, test: Numbers, yes: Numbers, no: Numbers): void => {
    for (let i = 0; i < out.length; i++)
      out[i] = (test[where?.[i] ?? 0] ? yes[left?.[i] ?? 0] : no[right?.[i] ?? 0]) ?? 0;
  };
}
