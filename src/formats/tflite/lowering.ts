import { fold } from "./fold.ts";
import type { HostTensor } from "./host.ts";
import { lowerOf } from "./ops/index.ts";
import { Unsupported, type Lowered, type OpScope, type Value } from "./scope.ts";

/** The result where it is known without a picture. */
export function tryFold(scope: OpScope): HostTensor | null {
  try {
    return fold(scope);
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}

/** The operator in operations of the graph, or why it is not executed. */
export function tryLower(scope: OpScope, values: readonly (Value | null)[]): Lowered | Unsupported {
  const { name, custom } = scope.operator.code;
  const blocked = values.find((value) => value?.kind === "unknown");
  const lower = lowerOf(name);
  try {
    if (!lower)
      throw new Unsupported(
        custom ? `'${name}' is a custom operator, which is code` : `'${name}' is not supported`,
      );
    if (blocked?.kind === "unknown")
      throw new Unsupported(`depends on '${blocked.blame}', whose output's shape is not known`);
    const out = lower(scope);
    return typeof out === "string" ? { outputs: [out] } : out;
  } catch (error) {
    if (error instanceof Unsupported) return error;
    if (error instanceof RangeError)
      return new Unsupported(`its tensors do not fit (${error.message})`);
    throw error;
  }
}
