/** Whether a recorded program can be run here, whole and with a free batch. */
import { readModel } from "../../src/formats/index.ts";

/** Null where it can; else why not. `program` is the file that record.py wrote. */
export async function runs(program: string): Promise<string | null> {
  const graph = await readModel(program);
  graph.weights.close();
  const opaque = graph.layers.find((layer) => layer.opaque !== null);
  if (opaque) return `'${opaque.name}' is not run (${opaque.opaque ?? ""})`;
  const [input] = graph.inputs;
  if (graph.inputs.length !== 1 || !input) return "it takes no single picture";
  return input.shape[0] === null ? null : "each picture does not stay by itself";
}
