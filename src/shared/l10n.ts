/**
 * What people read, in their language. The English sentence is the key; the extension host and each panel tell
 * this module which translations hold for them. Where nobody does (command line, log, compute process) it is English.
 */

/** Before the keys of what the compute process says: it speaks English, as its sentences go into files and logs too. */
export const HEARD = "~";

/** Translations by English key, `{0}` in both; keys after `HEARD` are of the compute process. */
export type Bundle = Readonly<Record<string, string>>;

let bundle: ReadonlyMap<string, string> = new Map();
let overheard: readonly { readonly like: RegExp; readonly own: string }[] = [];
let point = ".";

/** Takes translations by their English key (none: English) and the language of numbers. Call it before anything is said. */
export function speak(translations: Bundle | null | undefined, language: string): void {
  bundle = new Map(Object.entries(translations ?? {}));
  overheard = [...bundle].flatMap(([key, own]) =>
    key.startsWith(HEARD) ? [{ like: likeOf(key.slice(HEARD.length)), own }] : [],
  );
  point = (1.1).toLocaleString(language).charAt(1);
}

/** 0.5 -> `0,5` where people write it so. For texts only: what is saved or typed has a point. */
export const decimal = (text: string): string => text.replace(".", point);

/** A sentence as a translator wrote it, `{0}` and the like still in it. */
export const translation = (key: string): string => bundle.get(key) ?? key;

/** `t("{0} of {1}", 3, "conv1")`. The key has to be a literal: a test looks for its translations. */
export function t(key: string, ...values: readonly (string | number)[]): string {
  return filled(translation(key), values);
}

const filled = (text: string, values: readonly (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));

/** A sentence of the compute process, as the person reads it: in English where the bundle has none like it. */
export function heard(sentence: string): string {
  for (const { like, own } of overheard) {
    const match = like.exec(sentence);
    if (match) return filled(own, match.slice(1).map(heard));
  }
  return /^-?\d+\.\d+$/.test(sentence) ? decimal(sentence) : sentence;
}

/** Matches what `key` becomes with values in its holes, which are numbered in their order. */
const likeOf = (key: string): RegExp =>
  new RegExp(
    `^${key
      .split(/\{\d\}/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("(.+?)")}$`,
    "s",
  );

/** One or many; `{0}` is the number: `plural(n, "{0} filter", "{0} filters")`. */
export const plural = (
  count: number,
  one: string,
  many: string,
  ...values: readonly (string | number)[]
): string => t(count === 1 ? one : many, count, ...values);
