import { channelsLast, isPlain, type Lowering, type Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Call, Lowered } from "./call.ts";
import { OPERATORS } from "./operators/index.ts";

/** What the operator gives, or why it is not executed; `blamed` is the layer before it whose output's shape nobody knows. */
export function lowered(call: Call, blamed: string | undefined): Lowered | Unsupported {
  const { name, custom } = call.operator.code;
  const operator = OPERATORS.get(name);
  try {
    if (!operator)
      throw new Unsupported(
        custom ? `'${name}' is a custom operator, which is code` : `'${name}' is not supported`,
      );
    if (blamed !== undefined)
      throw new Unsupported(`depends on '${blamed}', whose output's shape is not known`);
    const out = operator(call);
    const all = "outputs" in out ? out : { outputs: [out] };
    return { ...all, outputs: all.outputs.map((value) => shown(call.l, value)) };
  } catch (error) {
    if (error instanceof Unsupported) return error;
    if (error instanceof RangeError)
      return new Unsupported(`its tensors do not fit (${error.message})`);
    throw error;
  }
}

/** Pictures are kept as the file has them or with the channels last; any other order of axes nobody could look at. */
function shown(l: Lowering, value: Value): Value {
  if (value.kind !== "tensor" || value.shape.length !== 4 || value.order[0] !== 0) return value;
  const known = isPlain(value.order) || String(value.order) === String(channelsLast(4));
  return known ? value : l.tensor(l.node(value));
}
