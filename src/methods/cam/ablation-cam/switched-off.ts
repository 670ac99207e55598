import { at } from "../../../base/at.ts";
import { inputError } from "../../../base/errors.ts";
import { asFloats, floats, type FloatTensor, sizeOf } from "../../../base/tensor.ts";
import { runRows } from "../../batching.ts";
import { forward } from "../../forward.ts";
import { repeat } from "../../repeat.ts";
import { Sketch } from "../sketch.ts";
import type { ChannelRequest } from "../types.ts";

/** A layer's output for the picture, and rows of it, each without one channel of its maps. */
export interface SwitchedOff {
  readonly own: FloatTensor;
  readonly without: (channels: readonly number[]) => Promise<FloatTensor>;
}

/**
 * Of tokens only those are switched off that lie over the picture; a class token stays. Throws a ConvLensError of kind `input` where
 * windows stand along the batch, which no row for each channel can be fed beside.
 */
export async function switchedOff(request: ChannelRequest): Promise<SwitchedOff> {
  const { subject, scores, maps, source = maps, value, inputs, valuesOf, layer } = request;
  const channels = at(value.shape, 3);
  const size = value.data.length;
  /** The maps, one row for each channel: all others, or that one alone. */
  const rowsOf = (some: readonly number[], alone: boolean): FloatTensor => {
    const shape = [some.length, ...value.shape.slice(1)];
    const data = alone ? new Float32Array(sizeOf(shape)) : repeat(value, some.length).data.slice();
    some.forEach((channel, row) => {
      for (let i = channel; i < size; i += channels)
        data[row * size + i] = alone ? at(value.data, i) : 0;
    });
    return floats(shape, data);
  };
  if (source === maps)
    return { own: value, without: (some) => Promise.resolve(rowsOf(some, false)) };
  const known =
    valuesOf ?? ((nodes) => forward({ ...subject, graph: scores.graph }, inputs, nodes));
  const own = at(await known([source]), 0);
  if (own.shape[0] !== 1)
    throw inputError(
      `The windows of '${layer}' stand along the batch, where Ablation-CAM cannot switch off one map after the other: choose a layer behind them.`,
    );
  // what lays tokens out, turned round, brings maps to the places of their tokens
  const start = new Sketch(scores.graph.nodes);
  const seed = start.input("ablated_maps", start.shape(maps));
  const { graph, grads } = subject.differentiate(
    { ...scores.graph, nodes: start.nodes },
    maps,
    [source],
    seed,
  );
  const tokens = grads[0];
  if (!tokens) throw new RangeError(`'${maps}' is not made of '${source}'`);
  const program = await subject.engine.compile(graph, [seed], [tokens]);
  return {
    own,
    without: async (some) => {
      const taken = asFloats(at(await runRows(subject.engine, program, [rowsOf(some, true)]), 0));
      const all = repeat(own, some.length);
      return floats(
        all.shape,
        all.data.map((number, i) => number - at(taken.data, i)),
      );
    },
  };
}
