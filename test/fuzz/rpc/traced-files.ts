/** Every path that this process asks the file system for, by any of Node's ways. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface Touch {
  readonly call: string;
  readonly path: string;
  readonly writes: boolean;
}

const READING = [
  ...["open", "readFile", "readdir", "opendir", "stat", "lstat", "access", "readlink", "realpath"],
  ...["createReadStream", "exists", "watch", "watchFile", "statfs"],
];
const WRITING = [
  ...["writeFile", "appendFile", "mkdir", "mkdtemp", "rm", "rmdir", "unlink", "rename", "copyFile"],
  ...["cp", "link", "symlink", "truncate", "chmod", "chown", "utimes", "createWriteStream"],
];
/** Calls whose second argument is a path as well. */
const TWO = new Set(["rename", "copyFile", "cp", "link", "symlink"]);

const pathOf = (given: unknown): string | null => {
  if (typeof given === "string") return path.resolve(given);
  if (given instanceof Uint8Array) return path.resolve(Buffer.from(given).toString());
  if (given instanceof URL && given.protocol === "file:") return fileURLToPath(given);
  return null; // a descriptor, or what Node refuses by itself
};

/** For writing, or such that a file comes of it. */
const opensToWrite = (flags: unknown): boolean =>
  typeof flags === "string"
    ? /[wa+]/.test(flags)
    : typeof flags === "number" && (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;

/** Calls `seen` for each from now on. */
export function traceFiles(seen: (touch: Touch) => void): void {
  const note = (call: string, args: readonly unknown[]): void => {
    const writes = call === "open" ? opensToWrite(args[1]) : WRITING.includes(call);
    for (const given of TWO.has(call) ? args.slice(0, 2) : args.slice(0, 1)) {
      const found = pathOf(given);
      if (found !== null) seen({ call, path: found, writes });
    }
  };
  for (const holder of [fs, fs.promises] as unknown as Record<string, unknown>[])
    for (const call of [...READING, ...WRITING])
      for (const name of [call, `${call}Sync`]) {
        const original = holder[name];
        if (typeof original !== "function") continue;
        const traced = function (this: unknown, ...args: unknown[]): unknown {
          note(call, args);
          return Reflect.apply(original, this, args);
        };
        holder[name] = Object.assign(traced, original);
      }
  syncBuiltinESMExports();
}
