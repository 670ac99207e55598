/** A Keras file that does not say its whole network (weights alone, code in it), with the structure that is known of it. */
import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { pour } from "../structure/pour.ts";
import { stateOf } from "./state.ts";

/** Where its weights are. */
interface Weights {
  readonly file: Hdf5File;
  /** Their group. */
  readonly root: string;
}

/**
 * The graph as the file has it where that runs, or no structure is known of it. Throws a ConvLensError of kind `input` for a structure that
 * was asked for and does not fit.
 */
export async function withStructure(
  own: ModelGraph,
  { file, root }: Weights,
  options: ReadOptions,
): Promise<ModelGraph> {
  const runs = own.nodes.length > 0 && own.layers.every(({ opaque }) => opaque === null);
  if (runs || !options.structures) return own;
  const found = await options.structures([stateOf(file, root)], null);
  if (!("structure" in found)) return own;
  const { format, producer, pythonCode } = own;
  const notes = pythonCode && pythonCode.length > 0 ? own.notes.slice(0, 1) : [];
  const graph = pour(found, { format, producer, notes }, held(file), options);
  return { ...graph, ...(pythonCode && { pythonCode }) };
}

/** What is closed with the graph. */
const held = (file: Hdf5File): ByteSource => ({
  name: file.name,
  size: 0,
  readInto: () => 0,
  close: () => {
    file.close();
  },
});
