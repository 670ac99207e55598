import { Unsupported, type LayerSpec } from "../scope.ts";

export const flatten: LayerSpec = {
  lower: (scope) => {
    const first = scope.config.string("data_format", "channels_last") === "channels_first";
    const { x } = scope;
    const rank = scope.rank(x);
    const perm = [0, ...Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 2), 1];
    const last = first && rank > 2 ? scope.transpose(x, perm) : x;
    const [batch = null, ...rest] = scope.shape(last);
    const size = rest.reduce<number>((product, _, i) => product * scope.dim(last, i + 1), 1);
    return scope.reshape(last, [batch, size]);
  },
};

/** -1 stands for what is left over. */
export function completed(target: readonly number[], size: number): number[] {
  const known = target.filter((axis) => axis !== -1).reduce((product, axis) => product * axis, 1);
  return target.map((axis) => (axis === -1 ? size / known : axis));
}

export const reshape: LayerSpec = {
  lower: (scope) => {
    const { x } = scope;
    const [batch = null, ...rest] = scope.shape(x);
    const size = rest.reduce<number>((product, _, i) => product * scope.dim(x, i + 1), 1);
    const target = scope.config.numbers("target_shape");
    if (!target) throw new Unsupported("the file does not tell its target shape");
    return scope.reshape(x, [batch, ...completed(target, size)]);
  },
};

export const permute: LayerSpec = {
  lower: (scope) => scope.transpose(scope.x, [0, ...(scope.config.numbers("dims") ?? [])]),
};

export const repeatVector: LayerSpec = {
  lower: (scope) => {
    const [batch = null, channels = null] = scope.shape(scope.x);
    const row = scope.reshape(scope.x, [batch, 1, channels]);
    return scope.op("tile", [row], { multiples: [1, scope.config.number("n", 1), 1] });
  },
};

/** What does nothing when the network is not being trained. */
export const identity: LayerSpec = { lower: (scope) => scope.x };
