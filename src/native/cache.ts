import { homedir } from "node:os";
import { join } from "node:path";

/**
 * ConvLens' folder for what it fetched or made: `$CONVLENS_CACHE`, or `convlens` in the platform's cache folder
 * (`$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`).
 */
export function cacheDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // a variable that is set to nothing counts as not set
  const { CONVLENS_CACHE = "", LOCALAPPDATA = "", XDG_CACHE_HOME = "" } = env;
  const home = homedir();
  if (CONVLENS_CACHE !== "") return CONVLENS_CACHE;
  if (platform === "darwin") return join(home, "Library", "Caches", "convlens");
  const [given, usual] =
    platform === "win32"
      ? [LOCALAPPDATA, join(home, "AppData", "Local")]
      : [XDG_CACHE_HOME, join(home, ".cache")];
  return join(given === "" ? usual : given, "convlens");
}

/** Where the native engine lies: one folder per version, and `current`, a link to the one in use. */
export const nativeDirectory = (env?: NodeJS.ProcessEnv): string =>
  join(cacheDirectory(env), "native");

/** E.g. `linux-x64`. */
export const platformName = (): string => `${process.platform}-${process.arch}`;
