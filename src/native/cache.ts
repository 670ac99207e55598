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
  if (env["CONVLENS_CACHE"]) return env["CONVLENS_CACHE"];
  if (platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "convlens");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "convlens");
  return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "convlens");
}

/** Where the native engine lies: one folder per version, and `current`, a link to the one in use. */
export const nativeDirectory = (env?: NodeJS.ProcessEnv): string =>
  join(cacheDirectory(env), "native");

/** E.g. `linux-x64`. */
export const platformName = (): string => `${process.platform}-${process.arch}`;
