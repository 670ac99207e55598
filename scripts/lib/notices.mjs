/** The licences of what is bundled, gathered into one file that ships with it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./places.mjs";

/** `node_modules/@a/b/c.js` -> `node_modules/@a/b`; nested ones as they lie. */
const packageOf = (file) =>
  /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1];

function licenceOf(folder) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  return name ? readFileSync(path.join(folder, name), "utf8").trim() : "";
}

/**
 * @param {readonly string[]} files what went into the bundles, relative to the repository
 * @returns {string} each package with its version and licence
 */
export function notices(files) {
  const folders = new Set(files.map(packageOf).filter(Boolean));
  const entries = [...folders].sort().flatMap((relative) => {
    const folder = path.join(root, relative);
    const manifest = path.join(folder, "package.json");
    if (!existsSync(manifest)) return [];
    const { name, version, license } = JSON.parse(readFileSync(manifest, "utf8"));
    return [`${name} ${version} (${license})\n\n${licenceOf(folder)}`.trim()];
  });
  const line = `\n\n${"-".repeat(78)}\n\n`;
  return `ConvLens contains parts of these packages.${line}${entries.join(line)}\n`;
}
