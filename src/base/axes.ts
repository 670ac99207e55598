interface Axes {
  readonly 2: readonly [number, number];
  readonly 3: readonly [number, number, number];
  readonly 4: readonly [number, number, number, number];
}

/**
 * The axes of a shape that has `count` of them: [h, w], [h, w, channels], [n, h, w, channels]. For a shape that cannot have more or
 * fewer: throws a RangeError that says what it is.
 */
export function axes<N extends keyof Axes>(shape: readonly number[], count: N): Axes[N] {
  if (shape.length !== count)
    throw new RangeError(`[${shape.join(", ")}] has ${shape.length} axes, not ${count}`);
  return shape as unknown as Axes[N];
}
