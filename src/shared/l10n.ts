/**
 * What people read, in their language. The English sentence is the key; the extension host and each panel tell
 * this module which translations hold for them. Where nobody does (command line, log, compute process) it is English.
 */

export type Bundle = Readonly<Record<string, string>>;

let bundle: ReadonlyMap<string, string> = new Map();
let point = ".";

/** Takes translations by their English key (none: English) and the language of numbers. Call it before anything is said. */
export function speak(translations: Bundle | null | undefined, language: string): void {
  bundle = new Map(Object.entries(translations ?? {}));
  point = (1.1).toLocaleString(language).charAt(1);
}

/** 0.5 -> `0,5` where people write it so. For texts only: what is saved or typed has a point. */
export const decimal = (text: string): string => text.replace(".", point);

/** A sentence as a translator wrote it, `{0}` and the like still in it. */
export const translation = (key: string): string => bundle.get(key) ?? key;

/** `t("{0} of {1}", 3, "conv1")`. The key has to be a literal: a test looks for its translations. */
export function t(key: string, ...values: readonly (string | number)[]): string {
  return translation(key).replace(/\{(\d)\}/g, (hole, index: string) =>
    String(values[Number(index)] ?? hole),
  );
}

/** One or many; `{0}` is the number: `plural(n, "{0} filter", "{0} filters")`. */
export const plural = (
  count: number,
  one: string,
  many: string,
  ...values: readonly (string | number)[]
): string => t(count === 1 ? one : many, count, ...values);
