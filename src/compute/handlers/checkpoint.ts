import { exportChoices } from "../../code/choices.ts";
import { findExecutable } from "../../native/executables.ts";
import { pythonsIn, pythonsOf } from "../../native/pythons.ts";
import {
  exportStructure,
  helperFile,
  inputsOf,
  OpenModel,
  suggested,
} from "../../session/index.ts";
import path from "node:path";
import type { Part } from "./timed.ts";

/** The run of a checkpoint by the person's own Python: what it is offered with, and the run. */
export const checkpointHandlers = (): Part<
  "exportChoices" | "exportTools" | "exportStructure"
> => ({
  exportChoices: async ({ model, scripts }) => {
    const known = await suggested(model);
    const open = await OpenModel.open(model, { structure: "none" });
    const layers = open.summary.layers.map(({ name }) => name);
    open.close();
    const { choices, size } = await exportChoices(scripts, { layers, settings: known.settings });
    const [input = ""] = inputsOf(known, known.size ?? size);
    return { choices, library: known.library, input };
  },
  exportTools: async ({ folders }) => ({
    helper: await helperFile(),
    pythons: pythonsFor(folders),
  }),
  exportStructure: async ({ model, request }, { signal, progress }) => {
    const log = (output: string): void => void progress({ partial: output });
    await exportStructure(model, request, { signal, progress }, log);
  },
});

/** Environments in the folders, then what a shell would use; each once. */
function pythonsFor(folders: readonly string[]): string[] {
  const own = folders.flatMap((folder) =>
    [".venv", "venv"].flatMap((name) => pythonsIn(path.join(folder, name))),
  );
  const found = [...own, ...pythonsOf(process.env)].flatMap(
    (python) => findExecutable(python, process.env, []) ?? [],
  );
  return [...new Set(found)];
}
