/** Opens each hostile or large picture as a command does, and says as JSON what came of it, in how much time of the processor, and at what peak of memory. */
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { held, readPicture, thumbnail } from "../../../../src/pictures/index.ts";
import { forgetPeak, peakMemory } from "../../../support/peak-memory.ts";
import { HOSTILE, LARGE, LARGE_SPARSE, NO_PICTURE, SPARSE, type Sparse } from "./files.ts";

/** What came of one. */
export interface Outcome {
  readonly message: string;
  readonly kind: unknown;
  readonly seconds: number;
  /** While it was read: what the process holds by itself counts, what was left of pictures before it does not. */
  readonly megabytes: number;
}

const made: Readonly<Record<string, () => Uint8Array | Sparse>> = {
  ...Object.fromEntries(Object.entries(HOSTILE).map(([name, [make]]) => [name, make])),
  ...Object.fromEntries(
    [...Object.values(SPARSE).flat(), NO_PICTURE].map(([, make], i) => [`sparse ${i}`, make]),
  ),
  ...LARGE,
  ...LARGE_SPARSE,
};
function write(name: string, content: Uint8Array | Sparse): void {
  if (content instanceof Uint8Array) {
    writeFileSync(name, content);
    return;
  }
  const { head, tail, length } = content;
  const file = openSync(name, "w");
  writeSync(file, head);
  ftruncateSync(file, length);
  if (tail) writeSync(file, tail, 0, tail.length, length - tail.length);
  closeSync(file);
}

const folder = mkdtempSync(path.join(tmpdir(), "convlens-hostile-"));
const file = path.join(folder, "x.bin");
const outcomes: Record<string, Outcome> = {};
// what is only loaded once is none of a picture's
await thumbnail(held({ width: 1, height: 1, rgb: new Uint8Array(3), notes: [] }), 1);
try {
  for (const name of process.argv.slice(2)) {
    const make = made[name];
    if (!make) throw new RangeError(name);
    write(file, make());
    globalThis.gc?.();
    forgetPeak();
    const before = process.cpuUsage();
    let [message, kind]: [string, unknown] = ["it was read", null];
    try {
      await thumbnail(await readPicture(file), 96);
    } catch (error) {
      [message, kind] = [(error as Error).message, (error as { kind?: unknown }).kind];
    }
    const { user, system } = process.cpuUsage(before);
    const megabytes = peakMemory() / 2 ** 20;
    outcomes[name] = { message, kind, seconds: (user + system) / 1e6, megabytes };
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(outcomes));
