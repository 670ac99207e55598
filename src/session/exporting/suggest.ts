/** What the run of a checkpoint is offered with, as far as its file and its sidecar tell. */
import { checkpointSettings } from "../../formats/index.ts";
import { OpenModel } from "../open/model.ts";
import { readSidecar } from "../open/sidecar.ts";

/** See the head of this file. */
export interface Suggested {
  /** `name=value`, of what the checkpoint keeps of its arguments. */
  readonly settings: readonly string[];
  /** Colours of the first convolution; null where there is none. */
  readonly channels: number | null;
  /** Rows and columns that the sidecar gives. */
  readonly size: readonly [number, number] | null;
}

/** Throws a ConvLensError of kind `input` where the file cannot be opened. */
export async function suggested(weights: string): Promise<Suggested> {
  const model = await OpenModel.open(weights, { structure: "none" });
  const kernels = model.graph.layers.flatMap((layer) => layer.weights);
  model.close();
  // as PyTorch has it: outputs, inputs, rows, columns
  const first = kernels.find(({ shape, fileShape = shape }) => fileShape.length === 4);
  const channels = (first?.fileShape ?? first?.shape)?.[1] ?? null;
  const given = (await readSidecar(weights).catch(() => null))?.inputSize;
  const settings = [...checkpointSettings(weights)].map(([name, value]) => `${name}=${value}`);
  return { settings, channels, size: given ? [given[0], given[1]] : null };
}

/** Where nothing says how large pictures are. */
export const USUAL_SIZE = [224, 224] as const;

/** `1x3x224x224` */
export const inputText = (
  { channels }: Pick<Suggested, "channels">,
  [rows, columns]: readonly [number, number],
): string => `1x${channels ?? 3}x${rows}x${columns}`;
