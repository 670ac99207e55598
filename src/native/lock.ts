import { mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvLensError } from "../base/errors.ts";

/** A lock whose holder has not touched it for so long died without releasing it. */
const STALE_MS = 60_000;
const TOUCH_MS = 10_000;

/** A lock file that is held. */
export interface Lock {
  /** Another process held it first. */
  readonly waited: boolean;
  readonly release: () => Promise<void>;
}

/**
 * Takes the lock file, waiting while another process holds it (`onWait` is called once). Throws a ConvLensError of
 * kind `cancelled` on abort.
 */
export async function takeLock(
  path: string,
  options: { signal?: AbortSignal | undefined; onWait?: () => void; pollMs?: number } = {},
): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  let waited = false;
  while (!(await create(path))) {
    if (await isStale(path)) await remove(path);
    else {
      if (!waited) options.onWait?.();
      waited = true;
      await sleep(options.pollMs ?? 500, undefined, { signal: options.signal }).catch(() => {
        throw new ConvLensError("cancelled", "Cancelled.");
      });
    }
  }
  const touch = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  const release = async (): Promise<void> => {
    clearInterval(touch);
    await rm(path, { force: true });
  };
  return { waited, release };
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.write(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > STALE_MS,
    () => false,
  );
}

async function remove(path: string): Promise<void> {
  // a rename first, because only one of several processes can win it
  const mine = `${path}.${process.pid}`;
  await rename(path, mine).then(
    () => rm(mine, { force: true }),
    () => undefined,
  );
}
