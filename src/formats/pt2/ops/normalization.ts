import * as lower from "../../lower/index.ts";

import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const batch = (call: Call): lower.Value => {
  const [x, scale, offset] = [call.value("input"), call.optional("weight"), call.optional("bias")];
  const epsilon = call.number("eps", 1e-5);
  if (!call.flag("training", false))
    return lower.batchNorm(
      call.l,
      x,
      scale,
      offset,
      call.optional("running_mean"),
      call.optional("running_var"),
      epsilon,
    );
  // a kernel that is standardised: its statistics are those of the numbers in the file
  if (x.kind === "tensor")
    throw new Unsupported("it was exported in training mode; call model.eval() before exporting");
  const axes = lower.range(x.shape.length).filter((axis) => axis !== 1);
  const [a, b] = [scale, offset].map((value) => value && lower.perChannel(call.l, value, x));
  return lower.affine(call.l, lower.standardised(call.l, x, axes, epsilon), a ?? null, b ?? null);
};
/** By each picture's own statistics, or (`track_running_stats`) by those that were counted in training. */
const instance = (call: Call): lower.Value =>
  call.flag("use_input_stats", true)
    ? lower.instanceNorm(
        call.l,
        call.value("input"),
        call.optional("weight"),
        call.optional("bias"),
        call.number("eps", 1e-5),
      )
    : batch(call);
/** Mean and deviation, the other outputs, are not computed. */
const first =
  (run: (call: Call) => lower.Value): Lower =>
  (call) => [run(call), null, null];
const lastAxes = (call: Call): number =>
  call.value("input").shape.length - (call.numbers("normalized_shape") ?? [0]).length;
const layer = (call: Call): lower.Value =>
  lower.layerNorm(
    call.l,
    call.value("input"),
    lastAxes(call),
    call.optional("weight"),
    call.optional("bias"),
    call.number("eps", 1e-5),
  );
const group = (call: Call): lower.Value =>
  lower.groupNorm(
    call.l,
    call.value("input"),
    call.number(call.has("group") ? "group" : "num_groups", 1),
    call.optional("weight"),
    call.optional("bias"),
    call.number("eps", 1e-5),
  );

/**
 * Normalizations at inference; `native_` ones have statistics as further outputs, which are not
 * computed. Batch normalization in training mode throws `Unsupported`, but for that of a parameter.
 */
export const normalizations: Table = {
  batch_norm: batch,
  _native_batch_norm_legit_no_training: first(batch),
  _native_batch_norm_legit: first(batch),
  native_batch_norm: first(batch),
  cudnn_batch_norm: first(batch),
  layer_norm: layer,
  native_layer_norm: first(layer),
  group_norm: group,
  native_group_norm: first(group),
  rms_norm: (call) =>
    lower.rmsNorm(
      call.l,
      call.value("input"),
      lastAxes(call),
      call.optional("weight"),
      call.number("eps", 2 ** -23),
    ),
  instance_norm: instance,
  normalize: (call) =>
    lower.unitNorm(
      call.l,
      call.value("input"),
      call.number("dim", 1),
      call.number("p", 2),
      call.number("eps", 1e-12),
    ),
};
