import path from "node:path";
import { readLabels } from "../../pictures/input/labels.ts";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import type { Sidecar } from "../../shared/sidecar.ts";

/** Labels named by a sidecar, or null. Throws a ConvLensError of kind `input` when they cannot be read. */
export async function sidecarLabels(
  modelPath: string,
  sidecar: Sidecar | null,
): Promise<readonly string[] | null> {
  const labels: unknown = sidecar?.labels;
  if (labels === undefined) return null;
  if (Array.isArray(labels)) return labels.map((label) => plainText(String(label)));
  if (typeof labels !== "string")
    throw inputError("The sidecar's labels must be a file beside the model, or a list of names.");
  const folder = path.dirname(path.resolve(modelPath));
  return readLabels(path.resolve(folder, labels), { within: folder });
}

/** The labels when there is one for each class; else throws a ConvLensError of kind `input`. */
export function checkLabels(
  labels: readonly string[],
  classes: number | null,
  source: string,
): readonly string[] {
  if (classes !== null && labels.length !== classes)
    throw inputError(
      `${source} has ${labels.length} labels, but the model has ${classes} classes; class numbers are shown instead.`,
    );
  return labels;
}
