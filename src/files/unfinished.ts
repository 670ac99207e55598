/** Files that are being written, under a name that is not theirs yet; and what a process left of them that was ended in mid-write. */
import { createHash, randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

/** Processes are told apart on one machine only: folders may be shared. */
const MACHINE = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
/** What another machine's process has not finished by then it never will, ms. */
const DAY = 24 * 60 * 60 * 1000;
const UNFINISHED = /^\..+\.([0-9a-f]{8})-([0-9]+)-[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Where `target` is written until it is whole: `.NAME.MACHINE-PROCESS-RANDOM` beside it. */
export const unfinishedName = (target: string): string =>
  path.join(
    path.dirname(target),
    `.${path.basename(target).slice(0, 80)}.${MACHINE}-${process.pid}-${randomUUID()}`,
  );

/**
 * Removes what processes that are no more left in a folder when they were ended in mid-write. What cannot be removed stays: it is looked
 * for again by the next process that writes there.
 */
export async function clearUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, machine, pid] = UNFINISHED.exec(name) ?? [];
    if (machine === undefined) continue;
    const file = path.join(folder, name);
    if ((machine === MACHINE && !isAlive(Number(pid))) || (await isOld(file)))
      await rm(file, { force: true }).catch(() => undefined);
  }
}

async function isOld(file: string): Promise<boolean> {
  const facts = await stat(file).catch(() => null);
  return facts !== null && Date.now() - facts.mtimeMs > DAY;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's
  }
}
