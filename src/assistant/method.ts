import { usageError } from "../base/errors.ts";

/** The method that a text names (null: none, and `usual` is taken). Throws a ConvLensError of kind `usage` for one that is not there. */
export function methodNamed<T extends string>(
  methods: Readonly<Record<T, unknown>>,
  text: string,
  usual: NoInfer<T>,
): T {
  if (text === "") return usual;
  const names = Object.keys(methods) as T[];
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw usageError(`There is no method '${text}'; there are ${names.join(", ")}.`);
}
