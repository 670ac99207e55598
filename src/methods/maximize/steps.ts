import { breathe, throwIfAborted } from "../../base/errors.ts";
import type { MaximizeRequest } from "./types.ts";

/** Makes up to `most` steps and lets others through between them; returns how many were made. */
export async function makeSteps(
  { context: { signal }, keepsSteps = false }: MaximizeRequest,
  most: number,
  step: (index: number) => Promise<void>,
): Promise<number> {
  for (let made = 0; made < most; made++) {
    await step(made);
    await breathe(undefined);
    if (keepsSteps && signal.aborted) return made + 1;
    throwIfAborted(signal);
  }
  return most;
}
