/**
 * The networks that open from a file of PyTorch alone, in the README: what was measured of each is kept in networks/measured.json, and the table is
 * written from that.
 *
 *   node scripts/networks.mjs                      writes the table
 *   node scripts/networks.mjs --take=A.json,...    of what npm run conformance -- --only=library,own,scripted,ultralytics --json=A.json found
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";
import { root } from "./lib/places.mjs";

register();
const { sorted, table } = await import("./networks/table.ts");
const { taken } = await import("./networks/taken.ts");

const kept = path.join(root, "scripts", "networks", "measured.json");
const { networks } = JSON.parse(readFileSync(kept, "utf8"));
const byName = new Map(networks.map((one) => [`${one.kind} ${one.name}`, one]));
const take = process.argv.find((word) => word.startsWith("--take="))?.slice("--take=".length);
for (const file of take?.split(",") ?? [])
  for (const one of taken(JSON.parse(readFileSync(file, "utf8"))))
    byName.set(`${one.kind} ${one.name}`, one);

const all = sorted([...byName.values()]);
writeFileSync(kept, `${JSON.stringify({ networks: all }, null, 2)}\n`);
const readme = path.join(root, "README.md");
writeFileSync(readme, table(readFileSync(readme, "utf8"), all));
