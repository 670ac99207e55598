import { usageError } from "../../base/errors.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import { sizeOf } from "../../base/tensor.ts";
import { type ModelGraph, pictureInputs } from "../../graph/index.ts";
import type { Beside } from "../../shared/contract/model.ts";
import { isStated, type Stated } from "../../shared/sidecar.ts";
import { statedInput } from "../run/arrays.ts";
import { readSidecar, writeEntries } from "./sidecar.ts";

/** The inputs beside the picture that is looked at, and what the sidecar says of them (`stated`, of whatever type a file may hold). */
export function besidesOf(graph: ModelGraph, stated: ReadonlyMap<string, unknown>): Beside[] {
  const pictures = pictureInputs(graph);
  const [shown] = pictures;
  if (!shown) return [];
  return graph.inputs
    .filter((spec) => spec !== shown)
    .map((spec) => {
      const said = stated.get(spec.name);
      return {
        name: spec.name,
        shape: spec.fileShape ?? spec.shape,
        cells: sizeOf(spec.shape.slice(1).map((axis) => axis ?? 1)),
        picture: pictures.includes(spec),
        stated: isStated(said) ? said : null,
      };
    });
}

interface Opened {
  readonly path: string;
  readonly graph: ModelGraph;
  readonly preprocessing: Preprocessing;
}

/**
 * Writes what inputs are to the model's sidecar, null for one of which nothing is said any more; what it says of others, and its other
 * entries, stay. Returns its path. Throws a ConvLensError where there is no such input, or a value does not fit: then nothing is written.
 */
export async function writeInputs(
  { path, graph, preprocessing }: Opened,
  inputs: Readonly<Record<string, Stated | null>>,
): Promise<string> {
  for (const [name, stated] of Object.entries(inputs)) {
    const spec = graph.inputs.find((input) => input.name === name);
    if (!spec) throw usageError(`The model has no input '${name}'.`);
    if (stated !== null) await statedInput(path, stated, spec, preprocessing);
  }
  const known: unknown = (await readSidecar(path))?.inputs;
  const merged: Record<string, Stated | null> = {
    ...(typeof known === "object" ? known : null),
    ...inputs,
  };
  const said = Object.entries(merged).filter(
    (entry): entry is [string, Stated] => entry[1] !== null,
  );
  return writeEntries(path, { inputs: Object.fromEntries(said) });
}
