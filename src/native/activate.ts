import { mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/** Makes an empty folder beside the finished ones. */
export async function makeWorkFolder(native: string): Promise<string> {
  const folder = join(native, `.new-${process.pid}-${Date.now().toString(36)}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Names the finished folder `version` and lets `current` point to `inner` in it, in one step: a reader finds the old
 * engine or the new one, never a half. Returns the folder's path.
 */
export async function activate(
  native: string,
  work: string,
  version: string,
  inner: string,
): Promise<string> {
  const name = `${version}-${Date.now().toString(36)}`;
  await rename(work, join(native, name));
  const link = join(native, `.current-${process.pid}`);
  const current = join(native, "current");
  await rm(link, { force: true });
  if (process.platform === "win32") {
    // a junction cannot be renamed over another: for a moment there is none
    await rm(current, { recursive: true, force: true });
    await symlink(join(native, name, inner), current, "junction");
  } else {
    await symlink(join(name, inner), link);
    await rename(link, current);
  }
  return join(native, name, inner);
}

/** Removes what is not in use: earlier versions, and folders left behind by a process that died. */
export async function removeOthers(native: string): Promise<void> {
  const target = await readlink(join(native, "current")).catch(() => "");
  const used = target.startsWith(native) ? target.slice(native.length + 1) : target;
  const keep = new Set(["current", ".lock", used.split(sep)[0]]);
  for (const name of await readdir(native).catch(() => []))
    if (!keep.has(name))
      // a library in use cannot be removed on Windows: the next install does it
      await rm(join(native, name), { recursive: true, force: true }).catch(() => undefined);
}

/** Where `current` leads; null when there is none. */
export async function currentFolder(native: string): Promise<string | null> {
  const current = join(native, "current");
  return readlink(current).then(
    (target) => join(dirname(current), target),
    () => null,
  );
}
