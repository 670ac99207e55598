import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import type { Json } from "../json.ts";
import type { StateDict } from "../structure/find.ts";
import { pour } from "../structure/pour.ts";
import { layersOf, type NamedTensor } from "./layers.ts";
import { checkPlaces, readTensor, type StoredTensor } from "./stored.ts";

/** What a format knows of a file of weights. `format` and `notRunnable` are shown to the user. */
export interface WeightsFile {
  readonly format: string;
  readonly producer: string | null;
  readonly tensors: readonly NamedTensor[];
  /** Class names by module path, where the file has them. */
  readonly classes: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly notRunnable: string;
  /** What the file says of its network beside the tensors; null or left out: nothing. */
  readonly said?: Json;
}

/** How to get a file that can be run: a clause at the end of a sentence. */
export const EXPORT_ADVICE =
  "export the model with torch.export.save(torch.export.export(model, (example,)), 'model.pt2') or to ONNX";

/** What a file of weights says of itself, and the networks that it may be about, the likeliest first. */
export interface WeightsAlone {
  readonly file: WeightsFile;
  readonly networks: readonly StateDict[];
}

/**
 * The network of a file of weights where a structure of it is found, else its weights without one. Throws a ConvLensError of kind `input`
 * for a tensor outside its storage, and for a structure that was asked for and does not fit.
 */
export async function weightsGraph(
  source: ByteSource,
  { file, networks }: WeightsAlone,
  options: ReadOptions,
): Promise<ModelGraph> {
  const alone = weightsOnlyGraph(source, file);
  const asked = networks.map((network) => checked(source, network));
  const found = (await options.structures?.(asked, file.said ?? null)) ?? { tried: [] };
  if ("structure" in found) return pour(found, file, source, options);
  const tried = found.tried.slice(0, MOST_TRIED).join(" ");
  return {
    ...alone,
    notRunnable: tried === "" ? file.notRunnable : `${file.notRunnable} ${tried}`,
  };
}
const MOST_TRIED = 3;
const CURE = "save the weights again";

/** A network whose tensors are looked at once, and not before they are asked for: a copy that nobody looks at may be damaged. */
function checked({ name }: ByteSource, network: StateDict): StateDict {
  let tensors: readonly StoredTensor[] | null = null;
  return {
    path: network.path,
    get tensors() {
      if (tensors) return tensors;
      checkPlaces(network.tensors, name, CURE);
      return (tensors = network.tensors);
    },
  };
}

/** A file of weights without a network. Throws a ConvLensError of kind `input` for a tensor outside its storage. */
function weightsOnlyGraph(source: ByteSource, file: WeightsFile): ModelGraph {
  checkPlaces(file.tensors, source.name, CURE);
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
