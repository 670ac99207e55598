/** What a command reads is never written over by what it makes. */
import { stat } from "node:fs/promises";
import { usageError } from "../../base/errors.ts";
import { modelFiles } from "../../formats/folder.ts";
import { namedFile, type Arguments } from "../arguments/parse.ts";

/** Files that a command line names to be read: those of models, pictures, arrays, labels. A recipe is not among them: doing it again writes it again. */
export function filesRead({ positionals, sources, values }: Arguments): string[] {
  const models = positionals.slice(1).flatMap((model) => modelFiles(model).map(({ path }) => path));
  const given = sources.flatMap(({ text }) => [text, namedFile(text)?.file ?? text]);
  const { labels, structure, direction, like } = values;
  return [...models, ...given, ...[labels, structure, direction, like].flatMap((f) => f ?? [])];
}

/** Throws a ConvLensError of kind `usage` where `file` is one of `read`, by whatever name. */
export async function refuseOver(file: string, read: readonly string[]): Promise<void> {
  const own = await identity(file);
  if (own === null) return;
  for (const one of read)
    if ((await identity(one)) === own)
      throw usageError(`${file} is read here and not written over; choose another place.`);
}

const identity = (file: string): Promise<string | null> =>
  stat(file, { bigint: true }).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => null,
  );
