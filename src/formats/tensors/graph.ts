import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import { layersOf, type NamedTensor } from "./layers.ts";
import { misplaced, readTensor } from "./stored.ts";

/** What a format knows of a file of weights. `format` and `notRunnable` are shown to the user. */
export interface WeightsFile {
  readonly format: string;
  readonly producer: string | null;
  readonly tensors: readonly NamedTensor[];
  /** Class names by module path, where the file has them. */
  readonly classes: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly notRunnable: string;
}

/** How to get a file that can be run: a clause at the end of a sentence. */
export const EXPORT_ADVICE =
  "export the model with torch.export.save(torch.export.export(model, (example,)), 'model.pt2') or to ONNX";

/** A file of weights without a network. Throws a ConvLensError of kind `input` for a tensor outside its storage. */
export function weightsOnlyGraph(source: ByteSource, file: WeightsFile): ModelGraph {
  for (const tensor of file.tensors) {
    const reason = misplaced(tensor);
    if (reason !== null)
      throw inputError(
        `'${source.name}' says of '${tensor.name}' what cannot be (${reason}); save the weights again.`,
      );
  }
  const { layers, stored, notes } = layersOf(file.tensors, file.classes);
  return {
    format: file.format,
    producer: file.producer,
    inputs: [],
    outputs: [],
    nodes: [],
    layers,
    weights: {
      read: (ref) =>
        Promise.resolve().then(() => {
          const tensor = stored.get(ref);
          if (!tensor) throw new RangeError(`there is no weight '${ref}'`);
          return readTensor(tensor);
        }),
      close: () => {
        source.close();
      },
    },
    notes: [...file.notes, ...notes],
    notRunnable: file.notRunnable,
  };
}
