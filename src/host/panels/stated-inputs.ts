import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { isBelow } from "../../files/real-place.ts";
import { t } from "../../shared/l10n.ts";
import { isStated, statedFile, type Stated } from "../../shared/sidecar.ts";
import { fieldsOf, notUnderstood } from "./call-rules.ts";
import type { ChosenPictures } from "./chosen-pictures.ts";

/**
 * What a page says that inputs are, with files named as the model's sidecar names them. Throws a ConvLensError of kind `usage` for what nobody
 * chose or is not understood, of kind `input` for a file that does not lie in the model's folder or below.
 */
export function statedBy(
  model: string,
  sent: unknown,
  chosen: Pick<ChosenPictures, "check">,
): Record<string, Stated | null> {
  const folder = path.dirname(path.resolve(model));
  const named = (stated: unknown): Stated | null => {
    if (stated === null) return null;
    if (!isStated(stated)) throw notUnderstood();
    const file = statedFile(stated);
    if (file === null) return stated;
    chosen.check([file]);
    const own = besideModel(file, folder);
    return typeof stated === "string" ? own : { mean: own };
  };
  const entries: [string, unknown][] = Object.entries(fieldsOf(sent));
  return Object.fromEntries(entries.map(([name, stated]) => [name, named(stated)]));
}

function besideModel(file: string, folder: string): string {
  if (isBelow(path.resolve(file), folder))
    return path.relative(folder, file).split(path.sep).join("/");
  throw inputError(
    t(
      "'{0}' lies outside of {1}: what a model's sidecar names lies beside the model, so copy it there first.",
      path.basename(file),
      folder,
    ),
  );
}
