/**
 * npm run bench -- --workbench: clicks in a panel of a real workbench until their pictures are painted, beside the same
 * pictures from a notebook whose kernel is warm.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeEnvironments, peersFolder } from "../lib/environments.mjs";
import { MODELS } from "../lib/models.mjs";
import { warmRuns } from "../lib/warm.mjs";
import { LAYERS, measureClicks } from "./clicks.ts";

const REPEAT = 3;
const TASKS = { Filters: "filters", Activations: "maps", "Grad-CAM": "gradcam" } as const;
/** Milliseconds, on EfficientNet-Lite0 in a warm panel. */
const AIMS = { Filters: 300, Activations: 500, "Grad-CAM": 500 } as const;

type Name = keyof typeof TASKS;
const [markdown, ...peers] = process.argv.slice(2);
const pythons = (await makeEnvironments(peers, {})) as { tf?: string };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Milliseconds. */
const runsOf = (result: { runs: object[] } | undefined): readonly number[] =>
  (result?.runs ?? []).map((run) => (run as { seconds: number }).seconds * 1000);

/** Medians over the same layers as the clicks, milliseconds. */
async function notebook(name: Name): Promise<number | null> {
  const { tf } = pythons;
  if (tf === undefined) return null;
  const { sample, picture, scaling } = MODELS.lite0;
  const out = mkdtempSync(path.join(tmpdir(), "convlens-bench-"));
  const medians: number[] = [];
  for (const layer of LAYERS[name]) {
    const script = [path.join(peersFolder, "notebook.py"), "serve", TASKS[name]];
    const args = ["--out", out, "--model", sample, "--image", picture, "--layer", layer];
    const side = { command: tf, args: [...script, ...args, "--scaling", JSON.stringify(scaling)] };
    const [result] = await warmRuns([side], REPEAT);
    medians.push(median(runsOf(result)));
  }
  rmSync(out, { recursive: true, force: true });
  return median(medians);
}

const HEAD = ["click to", "cold", "warm: median (min to max)", "aim", "holds", "warm notebook"];
const rows = [[...HEAD, "ratio", "bytes a click", "largest message"]];
rows.push(rows[0]?.map(() => "---") ?? []);
for (const { name, cold, warm, traffic } of await measureClicks()) {
  const [ours, theirs] = [median(warm), await notebook(name)];
  const span = `${Math.min(...warm).toFixed(0)} to ${Math.max(...warm).toFixed(0)}`;
  rows.push([
    ...[name, `${cold.toFixed(0)} ms`, `${ours.toFixed(0)} ms (${span})`, `< ${AIMS[name]} ms`],
    ours < AIMS[name] ? "yes" : "**no**",
    ...(theirs === null
      ? ["", ""]
      : [`${theirs.toFixed(0)} ms`, `${(theirs / ours).toFixed(1)} x`]),
    `${(median(traffic.map(({ bytes }) => bytes)) / 1024).toFixed(0)} KiB`,
    `${(Math.max(...traffic.map(({ largest }) => largest)) / 1024).toFixed(0)} KiB`,
  ]);
}
const table = rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
console.log(`\n${table}\n\n(EfficientNet-Lite0, five layers)`);
if (markdown) writeFileSync(markdown, `${table}\n`);
