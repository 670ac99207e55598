/**
 * check.ts ENGINE: a process that compares cases. For each line on stdin (a case's folder) it prints one line of JSON:
 * an `Answer`; before the first, `{ engine, version }`.
 */
import { createInterface } from "node:readline";
import { createEngine } from "../../../src/engine/index.ts";
import type { EngineChoice } from "../../../src/shared/engines.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import { compareCase, type Comparison } from "./compare.ts";

export interface Answer {
  readonly ok: boolean;
  readonly seconds: number;
  /** The array that is farthest off, measured by its limit. */
  readonly worst: Comparison | null;
  /** All of them, relative to the maximum. */
  readonly errors: Readonly<Record<string, number>>;
  /** Up to where they pass: 1e-4, or what float32 may lose. */
  readonly limits: Readonly<Record<string, number>>;
  /** Heat maps at another layer than the one that is taken by itself. */
  readonly elsewhere: readonly string[];
  readonly error: string | null;
}

const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const ratio = ({ error, limit }: Comparison): number => error / limit;

const { engine } = await createEngine((process.argv[2] ?? "auto") as EngineChoice);
tell({ engine: engine.info.name, version: engine.info.version });

for await (const folder of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  try {
    const all = await compareCase(folder, engine);
    const [worst = null] = all.toSorted((a, b) => ratio(b) - ratio(a));
    const failed = all.filter((one) => !(ratio(one) <= 1));
    const error = failed.map(({ what, error: off, reason }) =>
      reason === undefined ? `${what} is off by ${off.toExponential(1)}` : `${what}: ${reason}`,
    );
    const nothing = all.length === 0 ? "nothing was compared" : null;
    tell({
      ok: failed.length === 0 && all.length > 0,
      seconds: seconds(),
      worst,
      errors: Object.fromEntries(all.map((one) => [one.what, one.error])),
      limits: Object.fromEntries(all.map((one) => [one.what, one.limit])),
      elsewhere: all.flatMap(({ what, elsewhere }) => (elsewhere ? [what] : [])),
      error: error.join("; ") || nothing,
    } satisfies Answer);
  } catch (error) {
    // an error that is not for a person is a defect of the reader, and told as one
    const text = error instanceof ConvLensError ? error.message : String(error);
    const none = { worst: null, errors: {}, limits: {}, elsewhere: [] };
    tell({ ok: false, seconds: seconds(), ...none, error: text } satisfies Answer);
  }
}
engine.dispose();
