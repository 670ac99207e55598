/**
 * npm run torn-reads: a process writes two generations of a model in turn (renamed into place, in place, truncated first, with the time
 * of the file kept), while its weights are read. What is read must be one generation, or a sentence.
 *
 *   --format=A[,B]  --count=N reads of each (10000)  --at-once=N readers (6)  --seed=N (1)
 *   --questions: forward passes in place of reads, of the formats that can be run
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { register } from "tsx/esm/api";
import { say, since } from "../../scripts/lib/say.mjs";

register();
const { generationsOf, SOURCES } = await import("./generations.ts");
const { countReads } = await import("./reads.ts");
const { questions } = await import("./questions.ts");

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    questions: { type: "boolean" },
    ...{ format: text, count: text, "at-once": text, seed: text },
  },
});
if (values.help) {
  say("npm run torn-reads -- [--format=A,B] [--count=N] [--at-once=N] [--seed=N] [--questions]");
  say("  models read while another process writes them: one generation, or a sentence");
  say(`  formats: ${SOURCES.map(({ name }) => name).join(", ")}`);
  process.exit(0);
}
const [count, atOnce, seed] = [
  Number(values.count ?? 10_000),
  Number(values["at-once"] ?? 6),
  Number(values.seed ?? 1),
];
const chosen = SOURCES.filter(({ runs }) => runs || !values.questions);
const names = values.format?.split(",") ?? chosen.map(({ name }) => name);
const unknown = names.filter((name) => !SOURCES.some((source) => source.name === name));
if (unknown.length > 0 || ![count, atOnce, seed].every(Number.isSafeInteger)) {
  say(`unknown: ${unknown.join(", ")}; there are ${SOURCES.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const SIGN_OF_LIFE_MS = 60_000;
let mixed = 0;
const work = mkdtempSync(path.join(tmpdir(), "convlens-torn-"));
for (const source of SOURCES.filter(({ name }) => names.includes(name))) {
  const start = performance.now();
  let told = start;
  const generations = await generationsOf(source, path.join(work, source.name));
  const reading = { count, atOnce, seed };
  const progress = (done) => {
    if (performance.now() - told < SIGN_OF_LIFE_MS) return;
    told = performance.now();
    say(`  ${source.name}: ${done} so far (${since(start)})`);
  };
  const asking = values.questions ? questions() : null;
  const { all, writersPause } = await countReads([generations], reading, progress, asking?.ask);
  await asking?.close();
  for (const { old, new: later, refused, mixes, sentences } of all) {
    mixed += mixes.length;
    say(
      `${source.name}: ${count} ${asking ? "questions" : "reads"}, ${old} old, ${later} new, ${refused} refused, ${mixes.length} mixed; the writer paused ${writersPause} ms at most within a generation (${since(start)})`,
    );
    for (const mix of mixes.slice(0, 5)) say(`    mixed: ${mix}`);
    for (const [sentence, times] of sentences) say(`    ${times} times: ${sentence}`);
  }
}
rmSync(work, { recursive: true, force: true });
process.exitCode = mixed > 0 ? 1 : 0;
