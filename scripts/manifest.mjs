/**
 * Writes what package.json and package.nls*.json say of methods, a command of the palette for each that names one
 * (src/shared/catalogue.ts), and which files package.json takes for models (src/host/model-files.ts). Texts that are there stay; what is not translated yet is named, and to be written by hand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";
import { root } from "./lib/places.mjs";

register();
const { withMethods } = await import("./lib/manifest.ts");
const { METHODS } = await import("../src/shared/catalogue.ts");
const { CONTRIBUTED } = await import("../src/host/commands/ids.ts");

const read = (name) => JSON.parse(readFileSync(path.join(root, name), "utf8"));
const { files, missing } = withMethods(METHODS, CONTRIBUTED, read);
for (const [name, content] of Object.entries(files))
  writeFileSync(path.join(root, name), `${JSON.stringify(content, null, 2)}\n`);
for (const key of missing) console.log(`to be translated: ${key}`);
process.exit(missing.length > 0 ? 1 : 0);
