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
    for (const { name, errors = {}, limits = {}, error } of cases) {
      const largest = (what) => {
        const found = Object.keys(errors).filter((each) => each.startsWith(what));
        return found.length > 0 ? Math.max(...found.map((each) => errors[each])) : null;
      };
      // it gives maps, and those are PyTorch's
      const holds = (what) =>
        errors[what] === 0 &&
        Object.keys(errors).every((each) => !each.startsWith(what) || errors[each] <= limits[each]);
      const runs = (what) => (limits[what] === undefined ? errors[what] === 0 : holds(what));
      put({
        ...{ kind: "library", name, opens: largest("output") !== null, engine: engine?.version },
        ...{ logits: largest("output"), gradient: largest("gradient") ?? undefined },
        apart: { gradCam: largest("Grad-CAM "), integrated: largest("Integrated Gradients ") },
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
