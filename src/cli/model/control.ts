import type { Control } from "../../shared/control.ts";
import type { Call } from "../command.ts";

/** Steers a method: cancelled with the call, its progress as a line to the person for every tenth of the way. */
export function controlOf({ signal, say }: Pick<Call, "signal" | "say">, what: string): Control {
  let last = 0;
  return {
    signal,
    progress: ({ fraction, message }) => {
      if (message !== undefined) say(message);
      const tenth = Math.floor((fraction ?? 0) * 10);
      if (tenth > last) say(`${what}: ${tenth}0 %`);
      last = tenth;
    },
  };
}
