/** Where things lie: the repository, and the cache that outlives a clone. Node's built-ins only. */
import { homedir } from "node:os";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..", "..");

/** Tools and engines are installed once per person, not once per clone. */
export const cache = path.resolve(
  process.env.CONVLENS_CACHE ??
    path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "convlens"),
);

export const windows = process.platform === "win32";
