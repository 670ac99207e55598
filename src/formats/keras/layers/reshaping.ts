import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerSpec } from "../layer-call.ts";

/** `Flatten` to [N, cells]; Keras turns channels-first pictures channels-last before. */
export const flatten: LayerSpec = {
  lower: ({ l, x, channelsFirst, rank }) => {
    const last = channelsFirst ? lower.transpose(l, x, lower.channelsLast(rank)) : x;
    return lower.reshape(l, last, [...x.shape.slice(0, 1), -1]);
  },
};

/** `Reshape`: `target_shape` leaves the batch out, and may hold one -1. */
export const reshape: LayerSpec = {
  lower: ({ l, x, config }) => {
    const target = config.numbers("target_shape");
    if (!target) throw new Unsupported("the file does not tell its target shape");
    return lower.reshape(l, x, [...x.shape.slice(0, 1), ...target]);
  },
};

/** `Permute`: `dims` count from 1, and leave the batch out. */
export const permute: LayerSpec = {
  lower: ({ l, x, config }) => lower.transpose(l, x, [0, ...(config.numbers("dims") ?? [])]),
};

/** `RepeatVector`: [N, C] to [N, n, C]. */
export const repeatVector: LayerSpec = {
  lower: ({ l, x, config }) =>
    lower.tile(l, lower.unsqueeze(l, x, [1]), [1, config.number("n", 1), 1]),
};

/** What does nothing when the network is not being trained. */
export const identity: LayerSpec = { lower: ({ x }) => x };
