import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const { range } = cf;

/** The part of [layers * directions, N, H] for one direction of one layer, as [N, H]. */
const stateOf = (call: Call, state: cf.Value, index: number): cf.Value =>
  cf.squeeze(call.l, cf.slice(call.l, state, [0], [index], [index + 1], [1]), [0]);

/** All layers of `torch.nn`'s LSTM, GRU or RNN: the sequence, and the last hidden (and cell) values of each direction of each layer. */
const recurrent =
  (gates: cf.Gates, candidate: "tanh" | "relu" = "tanh"): Lower =>
  (call) => {
    const { l } = call;
    const [layers, directions] = [call.number("num_layers", 1), call.flag("bidirectional", false) ? 2 : 1]; // prettier-ignore
    const parameters = call.values("params");
    const each = call.flag("has_biases", true) ? 4 : 2;
    if (parameters.length !== layers * directions * each)
      throw new Unsupported("its outputs are projected");
    const [hidden, cell = null] = call.values("hx");
    const batchFirst = call.flag("batch_first", false);
    let x = call.value("input");
    if (x.shape.length !== 3) throw new Unsupported("it takes no batch of sequences");
    if (!batchFirst) x = cf.transpose(l, x, [1, 0, 2]);
    const made = range(layers).flatMap((layer) => {
      const both = range(directions).map((direction) => {
        const index = layer * directions + direction;
        const own = (i: number): cf.Value => at(parameters, index * each + i);
        return cf.recurred(l, x, {
          ...{
            gates,
            candidate: cf.squash[candidate],
            gate: cf.squash.sigmoid,
            output: cf.squash.tanh,
          },
          ...{ peepholes: null, resetAfter: true, backwards: direction === 1 },
          kernel: cf.transpose(l, own(0), [1, 0]),
          recurrent: cf.transpose(l, own(1), [1, 0]),
          bias: each === 4 ? own(2) : null,
          recurrentBias: each === 4 ? own(3) : null,
          hidden: hidden ? stateOf(call, hidden, index) : null,
          cell: cell && stateOf(call, cell, index),
        });
      });
      x = cf.merged(l, both.map(({ sequence }) => sequence), "concat"); // prettier-ignore
      return both;
    });
    const last = (values: readonly cf.Value[]): cf.Value =>
      cf.transpose(l, cf.stack(l, values, 1), [1, 0, 2]);
    const cells = made.flatMap((one) => one.cell ?? []);
    return [
      batchFirst ? x : cf.transpose(l, x, [1, 0, 2]),
      last(made.map((one) => one.hidden)),
      ...(cells.length > 0 ? [last(cells)] : []),
    ];
  };

/** Recurrent layers, written out step by step. */
export const recurrents: Table = {
  lstm: recurrent("ifco"),
  gru: recurrent("rzh"),
  rnn_tanh: recurrent("h"),
  rnn_relu: recurrent("h", "relu"),
};
