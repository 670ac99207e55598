import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, relative, sep } from "node:path";

/**
 * The absolute path of `command` on PATH, or of itself where it is absolute; null where there is none. Nothing is taken from a folder
 * that a person merely opened (`avoid`, see `openedFolders`), and nothing by a relative path, which leads there too.
 */
export function findExecutable(
  command: string,
  env: NodeJS.ProcessEnv,
  avoid: readonly string[],
): string | null {
  if (isAbsolute(command)) return isUsable(command, avoid) ? command : null;
  if (command.includes(sep) || command.includes("/")) return null;
  const endings =
    process.platform === "win32" ? (env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";") : [""];
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of folders)
    for (const ending of endings) {
      const path = join(folder, `${command}${ending}`);
      if (isUsable(path, avoid)) return path;
    }
  return null;
}

/** By its own path and by what it links to: an interpreter of a virtual environment links out of it. */
function isUsable(path: string, avoid: readonly string[]): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && !liesIn(path, avoid) && !liesIn(realpathSync(path), avoid);
  } catch {
    return false;
  }
}

/** Whether `path` is one of `folders`, or lies below one. */
export const liesIn = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => {
    const way = relative(folder, path);
    return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  });

/**
 * Folders that a person opened without saying that what lies in them may run, by both their names where they are links. A folder that holds
 * the person's own home is none: everything they installed lies below it.
 */
export function openedFolders(folders: readonly string[], home = homedir()): string[] {
  const named = folders.flatMap((folder) => [folder, real(folder)]);
  return [...new Set(named)].filter(
    (folder) => !liesIn(home, [folder]) && !liesIn(real(home), [folder]),
  );
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
