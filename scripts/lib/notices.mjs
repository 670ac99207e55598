/** The licences of what ships, gathered into one file that ships with it, and what is missing there. */
const RULE = `\n\n${"-".repeat(78)}\n\n`;
const HEAD = `ConvLens contains the packages below, or parts of them; after each stands what it has compiled in.

The native engine is not contained: where a person asks for it, TensorFlow (Apache License 2.0) is downloaded, with its own licences beside it.`;

/** What each of `packages` is written as: a title line, and the text of its licence; the same text once. */
function entriesOf(packages) {
  const first = new Map();
  const entry = (title, text, note = "") => {
    const before = text === "" ? undefined : first.get(text);
    if (before === undefined) first.set(text, title);
    const body = before === undefined ? text : `The licence stands after ${before}.`;
    return { title, text: `${note}\n\n${body}`.trim() };
  };
  return packages.flatMap(({ name, version, licence, text, parts }) => [
    entry(`${name} ${version} (${licence})`, text),
    ...parts.map((part) =>
      entry(`${part.name} (${part.licence}), in ${name}`, part.text, part.note),
    ),
  ]);
}

/** @param packages as `shippedPackages` of shipped.mjs gives them */
export const notices = (packages) =>
  `${[HEAD, ...entriesOf(packages).map(({ title, text }) => `${title}\n\n${text}`.trim())].join(RULE)}\n`;

const LICENCE =
  /Permission is hereby granted|Permission to use, copy|Redistribution and use|Apache License|provided by NIST|provided 'as-is'|licence stands after/i;

/**
 * @param {string} file what notices wrote when the package was built
 * @param packages what ships now
 * @returns {string[]} what is missing in it, has no licence text, or is no longer shipped
 */
export function faultsOf(file, packages) {
  const [, ...entries] = file.trimEnd().split(RULE);
  const written = new Map(
    entries.map((entry) => {
      const [title, ...text] = entry.split("\n\n");
      return [title, text.join("\n\n")];
    }),
  );
  const needed = entriesOf(packages).map(({ title }) => title);
  const faults = needed.flatMap((title) => {
    const text = written.get(title);
    if (text === undefined) return [`not in the notices: ${title}`];
    return LICENCE.test(text) ? [] : [`without the text of its licence: ${title}`];
  });
  const known = new Set(needed);
  const unused = [...written.keys()].filter((title) => !known.has(title));
  return [...faults, ...unused.map((title) => `no longer shipped: ${title}`)];
}
