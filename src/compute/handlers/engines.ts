import { engineReport } from "../../engine/index.ts";
import { installNative } from "../../native/index.ts";
import type { State } from "../state.ts";
import type { Part } from "./timed.ts";

export function engineHandlers(
  state: State,
): Part<"configure" | "engine" | "doctor" | "held" | "installNative"> {
  return {
    configure: ({ engine, memoryBudgetBytes }) => state.configure(engine, memoryBudgetBytes),
    engine: () => state.engineInfo(),
    doctor: () => engineReport(),
    held: () => state.held(),
    installNative: async ({ opened }, { signal, progress }) => {
      await installNative({ signal, onProgress: progress }, { opened });
      // the next call takes what is there now
      await state.dropEngine();
      return engineReport();
    },
  };
}
