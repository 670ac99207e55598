/**
 * Whether the notices and the bill of materials in dist/ name what others made and ships, each with its licence, and nothing else. Says what
 * is not so, and ends with 1 then.
 *
 *   node scripts/notices.mjs
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { assets } from "./lib/copied.mjs";
import { faultsOf } from "./lib/notices.mjs";
import { built, parts, recorded, texts } from "./lib/parts.mjs";
import { root } from "./lib/places.mjs";
import { shippedPackages } from "./lib/shipped.mjs";

const read = (file) => readFileSync(path.join(root, file), "utf8");
const packages = shippedPackages(JSON.parse(read("out/bundles.json")));
const names = new Set(packages.map(({ name }) => name));

const stale = [...Object.keys(parts), ...Object.keys(texts)].filter((name) => !names.has(name));
const used = new Set([
  ...Object.values(parts)
    .flat()
    .map(({ text }) => text),
  ...Object.values(texts),
  ...[...recorded, ...built].map(({ text }) => text),
]);
const unread = readdirSync(path.join(root, "scripts/licences")).filter(
  (file) => !used.has(`scripts/licences/${file}`),
);
const compiled = assets
  .map(([from]) => from)
  // what is not of a package is ours
  .filter((from) => from.startsWith("node_modules/"))
  .filter((from) => !Object.keys(parts).some((name) => from.startsWith(`node_modules/${name}/`)));
const { components } = JSON.parse(read("dist/sbom.cdx.json"));
const billed = new Set(components.map(({ group, name }) => (group ? `${group}/${name}` : name)));

const faults = [
  ...faultsOf(read("dist/THIRD-PARTY-NOTICES.txt"), packages),
  ...stale.map((name) => `no longer shipped, in scripts/lib/parts.mjs: ${name}`),
  ...unread.map((file) => `no longer used: scripts/licences/${file}`),
  ...compiled.map((from) => `what it has compiled in is not in scripts/lib/parts.mjs: ${from}`),
  ...[...names].filter((name) => !billed.has(name)).map((name) => `not in the bill: ${name}`),
  ...[...billed].filter((name) => !names.has(name)).map((name) => `only in the bill: ${name}`),
];
for (const fault of faults) console.log(fault);
if (faults.length === 0) console.log(`${packages.length} packages, each with its licence`);
process.exitCode = faults.length > 0 ? 1 : 0;
