import { at } from "../../base/at.ts";
import type { Layer, NodeId, WeightInfo } from "../../graph/index.ts";
import { fileShapeOf, seenAs } from "../lower/index.ts";
import type { Call, Lowered } from "./call.ts";
import { aliasesOf, foldsBatchNorm } from "./names.ts";
import type { TfliteTensor } from "./types.ts";

/** What an operator became. */
export interface Facts {
  readonly call: Call;
  /** Without parameters and constants. */
  readonly nodes: readonly NodeId[];
  readonly lowered: Lowered;
  /** Names of the layers that feed it. */
  readonly inputs: readonly string[];
  readonly opaque: string | null;
}

/** The operator as the user's layer, called as it was when it was lowered. */
export function layerOf(
  { call, nodes, lowered, inputs, opaque }: Facts,
  tensors: readonly TfliteTensor[],
): Layer {
  const { operator, output, l } = call;
  const className = operator.code.name;
  const { outputs, preActivation = null, notes = [] } = lowered;
  const [main] = outputs;
  const folded = /CONV/.test(className) && foldsBatchNorm(output?.name ?? "");
  const said = [...(folded ? ["batch norm is folded into the kernel"] : []), ...notes];
  const aliases = aliasesOf(operator, tensors, l.name);
  return {
    ...{ name: l.name, className, nodes, preActivation, opaque },
    ...{ inputs: [...new Set(inputs)], weights: weightsOf(call, tensors) },
    output: main?.kind === "tensor" ? main.node : null,
    ...(main?.kind === "tensor" && fileShapeOf(main)),
    ...(aliases.length > 0 && { aliases }),
    ...(said.length > 0 && { note: sentence(said) }),
  };
}

/** Parameters by what they are in the layer; of several of one kind all but the first are numbered. */
function weightsOf({ l, roles }: Call, tensors: readonly TfliteTensor[]): WeightInfo[] {
  const counts = new Map<string, number>();
  return [...l.uses.values()].map((use) => {
    const { name, dtype } = use.parameter;
    const role = roles.get(name) ?? "value";
    const count = counts.get(role) ?? 0;
    counts.set(role, count + 1);
    return {
      ...{ name: count === 0 ? role : `${role}_${count}`, ...seenAs(use) },
      storedDType: at(tensors, Number(name)).type ?? "",
      trainable: dtype === "float32",
    };
  });
}

function sentence(parts: readonly string[]): string {
  const text = parts.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
