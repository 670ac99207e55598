import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const x = (call: Call): lower.Value => call.value("self");
const soft =
  (log: boolean): Lower =>
  (call) =>
    lower.softmax(call.l, x(call), call.number("dim", -1), log);
const limited: Lower = (call) =>
  lower.clip(call.l, x(call), call.optional("min"), call.optional("max"));

/** Those with settings; the others stand in the table of names (`elementwise`). */
export const activations: Table = {
  hardtanh: (call) =>
    lower.clip(
      call.l,
      x(call),
      lower.number(call.number("min_val", -1)),
      lower.number(call.number("max_val", 1)),
    ),
  clamp: limited,
  clip: limited,
  clamp_min: limited,
  clamp_max: limited,
  leaky_relu: (call) => lower.leakyRelu(call.l, x(call), call.number("negative_slope", 0.01)),
  rrelu: (call) =>
    lower.leakyRelu(
      call.l,
      x(call),
      (call.number("lower", 1 / 8) + call.number("upper", 1 / 3)) / 2,
    ),
  elu: (call) => {
    if (call.number("input_scale", 1) !== 1) throw new Unsupported("its input is scaled");
    return lower.elu(call.l, x(call), call.number("alpha", 1), call.number("scale", 1));
  },
  celu: (call) => lower.celu(call.l, x(call), call.number("alpha", 1)),
  gelu: (call) => lower.gelu(call.l, x(call), call.text("approximate", "none") === "tanh"),
  hardsigmoid: (call) => lower.hardSigmoid(call.l, x(call), 1 / 6, 0.5),
  softplus: (call) =>
    lower.softplus(call.l, x(call), call.number("beta", 1), call.number("threshold", 20)),
  hardshrink: (call) => lower.shrink(call.l, x(call), call.number("lambd", 0.5), 0),
  softshrink: (call) =>
    lower.shrink(call.l, x(call), call.number("lambd", 0.5), call.number("lambd", 0.5)),
  threshold: (call) =>
    lower.thresholded(call.l, x(call), call.number("threshold", 0), call.number("value", 0)),
  glu: (call) => lower.glu(call.l, x(call), call.number("dim", -1)),
  prelu: (call) => {
    const slope = call.value("weight");
    return lower.prelu(
      call.l,
      x(call),
      slope.shape[0] === 1 ? slope : lower.perChannel(call.l, slope, x(call)),
    );
  },
  _prelu_kernel: (call) => lower.prelu(call.l, x(call), call.value("weight")),
  softmax: soft(false),
  _softmax: soft(false),
  log_softmax: soft(true),
  _log_softmax: soft(true),
};
