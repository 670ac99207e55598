/** What changes when a file is written: its size in bytes, and its time in milliseconds. */
export interface Stamp {
  readonly size: number;
  readonly mtime: number;
}

const STEP_MS = 250;
const MISSING_STEPS = 8;

/**
 * Waits until a file that is being written keeps its size and time for one step. A file that stays away for two
 * seconds is taken as deleted. Resolves to false when cancelled.
 */
export async function untilStable(
  stat: () => Promise<Stamp | null>,
  signal: AbortSignal,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<boolean> {
  let last: Stamp | null = null;
  let missing = 0;
  for (;;) {
    const now = await stat();
    if (signal.aborted) return false;
    if (now && last && now.size === last.size && now.mtime === last.mtime) return true;
    missing = now ? 0 : missing + 1;
    if (missing > MISSING_STEPS) return true;
    last = now;
    await wait(STEP_MS);
  }
}
