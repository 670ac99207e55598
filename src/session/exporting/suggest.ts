/** What the run of a checkpoint is offered with, as far as its file and its sidecar tell. */
import { checkpointSettings } from "../../formats/index.ts";
import { OpenModel } from "../open/model.ts";
import type { Library } from "../../shared/contract/code.ts";
import { readSidecar } from "../open/sidecar.ts";

/** See the head of this file. */
export interface Suggested {
  /** `name=value`, of what the checkpoint keeps of its arguments. */
  readonly settings: readonly string[];
  readonly library: Library;
  /** Colours of the first convolution; null where there is none. */
  readonly channels: number | null;
  /** Rows and columns that the sidecar gives. */
  readonly size: readonly [number, number] | null;
}

/** Throws a ConvLensError of kind `input` where the file cannot be opened. */
export async function suggested(weights: string): Promise<Suggested> {
  const model = await OpenModel.open(weights, { structure: "none" });
  const library: Library = model.graph.format.startsWith("Keras") ? "keras" : "torch";
  const kernels = model.graph.layers.flatMap((layer) => layer.weights);
  model.close();
  const first = kernels.find(({ shape, fileShape = shape }) => fileShape.length === 4);
  const channels = (first?.fileShape ?? first?.shape)?.[INPUTS[library]] ?? null;
  const given = (await readSidecar(weights).catch(() => null))?.inputSize;
  const settings = [...checkpointSettings(weights)].map(([name, value]) => `${name}=${value}`);
  return { settings, library, channels, size: given ? [given[0], given[1]] : null };
}

/** The axis of a kernel's inputs: PyTorch has outputs before, Keras rows and columns. */
const INPUTS: Readonly<Record<Library, number>> = { torch: 1, keras: 2 };

/** Where nothing says how large pictures are. */
const USUAL_SIZE = [224, 224] as const;

/** Shapes of the input where it is known how large pictures are; none: PyTorch's usual ones are tried, Keras' are mostly in the model. */
export function inputsOf(
  known: Pick<Suggested, "channels" | "library">,
  size: readonly [number, number] | null,
): string[] {
  if (size === null && known.library === "torch") return [];
  return [inputText(known, size ?? USUAL_SIZE)];
}

/** `1x3x224x224`, of Keras `1x224x224x3` */
function inputText(
  { channels, library }: Pick<Suggested, "channels" | "library">,
  [rows, columns]: readonly [number, number],
): string {
  const colours = channels ?? 3;
  return `1x${(library === "torch" ? [colours, rows, columns] : [rows, columns, colours]).join("x")}`;
}
