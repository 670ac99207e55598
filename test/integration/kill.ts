/** `npm run kills`: the compute process killed hundreds of times under real questions. */
import { appendFileSync } from "node:fs";
import { convlens } from "./support/extension.ts";
import { faultsOf, killing } from "./support/kills.ts";

const COUNT = Number(process.env["CONVLENS_KILLS"] ?? 500);
const SEED = Number(process.env["CONVLENS_SEED"] ?? 1);

/** Returns its findings, a line each, and how many are faults. */
export async function kill(): Promise<{ failed: number; lines: string[] }> {
  const api = await convlens().activate();
  const log = process.env["CONVLENS_KILLS_LOG"];
  const say = (line: string): void => {
    if (log !== undefined) appendFileSync(log, `${line}\n`);
  };
  const report = await killing(api, { count: COUNT, seed: SEED, say });
  const { kills, answered, refused, wrong, left, zombies, files } = report;
  const faults = faultsOf(report);
  return {
    failed: faults.length,
    lines: [
      `${kills} kills: ${answered} questions answered as undisturbed, ${refused} refused with a sentence, ${wrong.length} otherwise`,
      `left: ${left.length} files and folders, ${zombies} zombies; open files of the host ${files.before.length} before, ${files.after.length} after`,
      ...faults,
    ],
  };
}
