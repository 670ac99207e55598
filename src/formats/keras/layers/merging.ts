import type { NodeId } from "../../../graph/index.ts";
import { operands, setting } from "../operands.ts";
import { Unsupported, type LayerSpec, type Scope } from "../scope.ts";

type Pairwise = "add" | "sub" | "mul" | "maximum" | "minimum";

/** Keras lets tensors of lower rank take part: they get axes behind the batch. Constants broadcast as they are. */
function aligned(scope: Scope, ids: readonly NodeId[]): NodeId[] {
  const rank = Math.max(...ids.map((id) => scope.rank(id)));
  return ids.map((id) => {
    const [batch, ...rest] = scope.shape(id);
    if (batch !== null || rest.length + 1 === rank) return id;
    const ones = Array.from({ length: rank - rest.length - 1 }, () => 1);
    return scope.reshape(id, [null, ...ones, ...rest]);
  });
}

function folded(scope: Scope, op: Pairwise): { out: NodeId; count: number } {
  const [first, ...others] = aligned(scope, operands(scope));
  if (first === undefined) throw new Unsupported("it is called without tensors");
  const out = others.reduce((sum, next) => scope.op(op, [sum, next]), first);
  return { out, count: others.length + 1 };
}

const fold = (op: Pairwise): LayerSpec => ({ lower: (scope) => folded(scope, op).out });

export const add = fold("add");
export const subtract = fold("sub");
export const multiply = fold("mul");
export const maximum = fold("maximum");
export const minimum = fold("minimum");

export const average: LayerSpec = {
  lower: (scope) => {
    const { out, count } = folded(scope, "add");
    return scope.op("mul", [out, scope.scalar(1 / count)]);
  },
};

/** CustomScaleLayer of `keras.applications`' InceptionResNetV2: the block's input and its residual, which is scaled. */
export const scaledSum: LayerSpec = {
  lower: (scope) => {
    const { config } = scope;
    const [input, residual, ...others] = scope.inputs;
    if (!config.has("scale") || input === undefined || residual === undefined || others.length > 0)
      throw new Unsupported("it is another layer than that of keras.applications");
    const scale = scope.scalar(config.number("scale", 1));
    return scope.op("add", [input, scope.op("mul", [residual, scale])]);
  },
};

export const concatenate: LayerSpec = {
  lower: (scope) => {
    const [first] = scope.inputs;
    if (first === undefined) throw new Unsupported("it is called without tensors");
    const given = setting(scope, "axis");
    const [axis = 0] = scope.axes(first, [typeof given === "number" ? given : -1]);
    return scope.inputs.length === 1 ? first : scope.op("concat", scope.inputs, { axis });
  },
};
