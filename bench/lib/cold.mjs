/** From the start of a process to its files on disk: wall and CPU seconds and peak memory of the whole process. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cleanEnv, onPath, run } from "../../scripts/lib/run.mjs";
import { peersFolder } from "./environments.mjs";

const wrapper = onPath("python3") ? ["python3", path.join(peersFolder, "measure.py")] : null;

/** Runs one command line; throws with its last words when it fails. */
export async function once(command, args) {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-bench-"));
  try {
    const file = path.join(folder, "result.json");
    const start = performance.now();
    const [first, ...rest] = wrapper ? [...wrapper, file, command, ...args] : [command, ...args];
    const { code, output } = await run(first, rest, { env: cleanEnv() });
    const seconds = (performance.now() - start) / 1000;
    if (code !== 0) throw new Error(`${command} ${args.join(" ")}\n${output.slice(-2000)}`);
    return wrapper
      ? JSON.parse(readFileSync(file, "utf8"))
      : { seconds, cpu: null, peakMegabytes: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Every side in turn, `repeat` times: A B A B. A first round that is not counted fills the page cache for all.
 * @param {{ command: string, args: string[] }[]} sides
 * @returns {Promise<object[][]>} runs by side
 */
export async function coldRuns(sides, repeat) {
  const runs = sides.map(() => []);
  for (let round = repeat > 1 ? -1 : 0; round < repeat; round++)
    for (const [i, { command, args }] of sides.entries()) {
      const result = await once(command, args);
      if (round >= 0) runs[i].push(result);
    }
  return runs;
}
