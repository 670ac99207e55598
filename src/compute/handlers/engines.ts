import { engineReport } from "../../engine/index.ts";
import { installNative } from "../../native/index.ts";
import type { OpenModels } from "../../session/index.ts";
import type { Part } from "./timed.ts";

/** The engine: which one runs, what it holds, what is ready, and getting the native one. */
export function engineHandlers(
  models: OpenModels,
): Part<"configure" | "engine" | "doctor" | "held" | "installNative"> {
  return {
    configure: ({ engine, memoryBudgetBytes }) => models.configure(engine, memoryBudgetBytes),
    engine: () => models.engineInfo(),
    doctor: () => engineReport(),
    held: () => models.held(),
    installNative: async ({ opened }, { signal, progress }) => {
      await installNative({ signal, onProgress: progress }, { opened });
      // the next call takes what is there now
      await models.dropEngine();
      return engineReport();
    },
  };
}
