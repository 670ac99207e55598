/** What others made and the package contains: by the bundler's record of what went into dist/, and by what is copied there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { assets, nativeSources } from "./copied.mjs";
import { built, parts, recorded, texts } from "./parts.mjs";
import { root } from "./places.mjs";

/** `node_modules/@a/b/c.js` -> `node_modules/@a/b`; nested ones as they lie. */
const packageOf = (file) =>
  /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1];

/**
 * @param {Record<string, { inputs: object }>} outputs of esbuild's metafiles
 * @returns {string[]} folders of packages of which something is in dist/, relative to the repository, sorted
 */
export function foldersOf(outputs) {
  const bundled = Object.entries(outputs)
    .filter(([file]) => file.startsWith("dist/"))
    .flatMap(([, { inputs }]) => Object.keys(inputs));
  const copied = [...assets, ...nativeSources].map(([from]) => from);
  return [...new Set([...bundled, ...copied].map(packageOf).filter(Boolean))].sort();
}

const read = (file) => readFileSync(path.join(root, file), "utf8").trim();

function licenceText(name, folder) {
  if (texts[name]) return read(texts[name]);
  const file = readdirSync(path.join(root, folder)).find((entry) =>
    /^(licen[cs]e|copying)/i.test(entry),
  );
  return file ? read(`${folder}/${file}`) : "";
}

/** The packages whose networks are recorded in library/. */
function recordedPackages() {
  const { recordedWith } = JSON.parse(read("library/index.json"));
  return recorded.map(({ name, licence, text }) => {
    const version = recordedWith[name] ?? "";
    const purl = `pkg:pypi/${name.replaceAll("_", "-")}@${version}`;
    return { folder: `library/${name}`, name, version, purl, licence, text: read(text), parts: [] };
  });
}

/** What is compiled here, out of its release. */
const builtPackages = () =>
  built.map(({ name, licence, text, script }) => {
    const { [name]: version } = JSON.parse(read(`${script}/built.json`));
    const purl = `pkg:generic/${name}@${version}`;
    return {
      folder: `${script}/${name}`,
      name,
      version,
      purl,
      licence,
      text: read(text),
      parts: [],
    };
  });

/**
 * @param {Record<string, { inputs: object }>} outputs of esbuild's metafiles
 * @returns what is shipped of each package: `{ folder, name, version, licence, text, parts }`; `text` is empty where none is known; `purl`:
 *   where it is no package of npm
 */
export const shippedPackages = (outputs) => [
  ...npmPackages(outputs),
  ...recordedPackages(),
  ...builtPackages(),
];

const npmPackages = (outputs) =>
  foldersOf(outputs).flatMap((folder) => {
    const manifest = `${folder}/package.json`;
    if (!existsSync(path.join(root, manifest))) return [];
    const { name, version, license } = JSON.parse(read(manifest));
    return [
      {
        ...{ folder, name, version, licence: license, text: licenceText(name, folder) },
        parts: (parts[name] ?? []).map((part) => ({ ...part, text: read(part.text) })),
      },
    ];
  });
