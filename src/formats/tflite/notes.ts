import type { ElementType, TfliteModel, TfliteTensor } from "./types.ts";

const INTEGERS: readonly (ElementType | null)[] = ["int4", "int8", "uint8", "int16"];

/** What was assumed while the file was read, in words. */
export function notesOf({ tensors, operators, inputs, others }: TfliteModel): string[] {
  const computed = operators
    .flatMap(({ outputs }) => outputs)
    .concat(inputs.map(({ tensor }) => tensor))
    .flatMap((index) => tensors[index] ?? []);
  const quantised = (tensor: TfliteTensor): boolean =>
    tensor.quantization !== null && INTEGERS.includes(tensor.type);
  const stored = new Set(
    tensors
      .filter((tensor) => tensor.data && (quantised(tensor) || tensor.type === "float16"))
      .map(({ type }) => type),
  );
  const notes: string[] = [];
  if (computed.some(quantised))
    notes.push(
      "A float surrogate of an integer model: weights are dequantised and everything is computed in float32, without the rounding between the operators.",
    );
  else if (stored.size > 0)
    notes.push(`Weights are stored as ${[...stored].join(" and ")} and used as float32.`);
  if (others.length > 0)
    notes.push(
      `The file holds ${others.length + 1} networks; the first is shown, not '${others.slice(0, 3).join("', '")}'.`,
    );
  return notes;
}
