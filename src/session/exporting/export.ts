/** The network of a file of weights, written once by the Python that the person already uses. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { Generation } from "../../files/generation.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { kerasOutline, readModel, readStructure, withOrigin } from "../../formats/index.ts";
import type { Control } from "../../shared/control.ts";
import { OUTLINE_FILE, type ExportRequest } from "../../shared/export-request.ts";
import { scratchPrefix } from "../../shared/scratch.ts";
import { digestFor } from "../structures/cache.ts";
import { finderOf } from "../structures/find.ts";
import { runHelper } from "./run.ts";

/**
 * Runs the person's own program, as it was confirmed, and keeps the structure that it gives, without its weights, for the file `weights`: from
 * then on that opens with it, and so do other weights of the same network. Nothing is left of a run that fails or is cancelled. Throws a
 * ConvLensError of kind `input` where the program cannot be run or is not that of the weights, `cancelled` on abort.
 */
export async function exportStructure(
  weights: string,
  request: ExportRequest,
  control: Control,
  log: (text: string) => void,
): Promise<void> {
  const own = await realpath(path.dirname(path.resolve(weights)));
  // only its owner may read it
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), scratchPrefix(process.pid)));
  try {
    await writeOutline(weights, request, folder);
    const { file, call, sources } = await runHelper(request, folder, control, log);
    const name = `${path.basename(request.script)}:${call}`;
    const written = readStructure(file, new Generation());
    try {
      const structure = withOrigin(written, name, { folder: own, sources });
      if (digestFor(structure) === null)
        throw inputError(
          `The network of ${name} cannot be kept without its weights: ${path.extname(file)} is all that PyTorch could write of it, with weights folded in.`,
        );
      const structures = finderOf(structure, `${name}, which was run`, weights);
      const graph = await readModel(weights, { structures });
      graph.weights.close();
      if (!graph.structure)
        throw inputError(`${path.basename(weights)} has its own network; it needs no other.`);
    } finally {
      written.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Keras says what of a file goes where by loading one like it: its layout is all that is told of the file. */
async function writeOutline(
  weights: string,
  { library }: ExportRequest,
  folder: string,
): Promise<void> {
  const outline = library === "keras" ? await kerasOutline(weights) : null;
  if (outline) await writeWhole(path.join(folder, OUTLINE_FILE), JSON.stringify(outline));
}
