/**
 * The networks that open from a file of PyTorch alone, in the README: what was measured of each is kept in networks/measured.json, and the table is
 * written from that.
 *
 *   node scripts/networks.mjs                      writes the table
 *   node scripts/networks.mjs --measure            of those that are here: scripts of one's own, TorchScript, Ultralytics
 *   node scripts/networks.mjs --take=A.json,...    of the library: what npm run conformance -- --only=library --json=A.json found
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";
import { root } from "./lib/places.mjs";
import { say } from "./lib/say.mjs";

register();
const { sorted, table } = await import("./networks/table.ts");

const kept = path.join(root, "scripts", "networks", "measured.json");
const { networks } = JSON.parse(readFileSync(kept, "utf8"));
const byName = new Map(networks.map((one) => [`${one.kind} ${one.name}`, one]));
const today = new Date().toISOString().slice(0, 10);
const put = (one) => {
  const known = byName.get(`${one.kind} ${one.name}`);
  byName.set(`${one.kind} ${one.name}`, { ...one, gradient: one.gradient ?? known?.gradient });
};

const take = process.argv.find((word) => word.startsWith("--take="))?.slice("--take=".length);
for (const file of take?.split(",") ?? []) {
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  for (const { cases, engine } of results)
    for (const { name, errors, error } of cases) {
      const outputs = Object.entries(errors ?? {}).filter(([what]) => what.startsWith("output"));
      const runs = (what) => errors?.[what] === 0;
      put({
        ...{ kind: "library", name, opens: errors !== undefined, engine: engine?.version },
        logits: outputs.length > 0 ? Math.max(...outputs.map(([, apart]) => apart)) : null,
        gradient: errors?.["gradient 0"],
        ...{ gradCam: runs("Grad-CAM"), integrated: runs("Integrated Gradients"), seen: today },
        ...(error && !(runs("Grad-CAM") && runs("Integrated Gradients")) ? { why: error } : {}),
      });
    }
}
if (process.argv.includes("--measure")) {
  const { measured } = await import("./networks/measure.ts");
  for await (const one of measured()) {
    put({ ...one, seen: today });
    say(JSON.stringify(one));
  }
}
const all = sorted([...byName.values()]);
writeFileSync(kept, `${JSON.stringify({ networks: all }, null, 2)}\n`);
const readme = path.join(root, "README.md");
writeFileSync(readme, table(readFileSync(readme, "utf8"), all));
