/**
 * Writes which files package.json takes for models (src/host/model-files.ts), and takes texts that nothing names out of package.nls*.json.
 * Texts that are there stay; what is not translated yet is named, and to be written by hand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";
import { root } from "./lib/places.mjs";

register();
const { manifestFiles } = await import("./lib/manifest.ts");

const read = (name) => JSON.parse(readFileSync(path.join(root, name), "utf8"));
const { files, missing } = manifestFiles(read);
for (const [name, content] of Object.entries(files))
  writeFileSync(path.join(root, name), `${JSON.stringify(content, null, 2)}\n`);
for (const key of missing) console.log(`to be translated: ${key}`);
process.exit(missing.length > 0 ? 1 : 0);
