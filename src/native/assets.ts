import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { exists } from "./files.ts";
import { platformName } from "./cache.ts";

/**
 * Folders that may hold what ConvLens brings along: those above the running script (`dist` of the extension, or the
 * repository in development), nearest first.
 */
export function assetFolders(script: string | undefined = process.argv[1]): string[] {
  if (script === undefined) return [];
  const folders: string[] = [];
  let folder = dirname(real(script));
  while (!folders.includes(folder)) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return folders;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The prebuilt binding for this platform; null when none was packaged. */
export const prebuiltBinding = (folders: readonly string[]): Promise<string | null> =>
  firstOf(folders, [
    join("native", platformName(), "tfjs_binding.node"),
    join("dist", "native", platformName(), "tfjs_binding.node"),
  ]);

/** The folder with the binding's C++ sources. */
export async function bindingSources(folders: readonly string[]): Promise<string | null> {
  const file = await firstOf(folders, [
    join("native", "source", "binding", "tfjs_binding.cc"),
    join("node_modules", "@tensorflow", "tfjs-node", "binding", "tfjs_binding.cc"),
  ]);
  return file && dirname(file);
}

/** The `package.json` of TensorFlow.js' package for Node; null when it did not come along. */
export const packageOfBinding = (folders: readonly string[]): Promise<string | null> =>
  firstOf(folders, [
    join("native", "source", "package.json"),
    join("node_modules", "@tensorflow", "tfjs-node", "package.json"),
  ]);

/** The folder with `node_api.h`: brought along, of the npm package, or installed with Node. */
export async function nodeHeaders(folders: readonly string[]): Promise<string | null> {
  const file =
    (await firstOf(folders, [
      join("native", "source", "include", "node_api.h"),
      join("node_modules", "node-api-headers", "include", "node_api.h"),
    ])) ??
    (await firstOf(
      [dirname(dirname(real(process.execPath))), "/usr", "/usr/local"],
      [join("include", "node", "node_api.h")],
    ));
  return file && dirname(file);
}

export async function firstOf(
  folders: readonly string[],
  names: readonly string[],
): Promise<string | null> {
  for (const folder of folders)
    for (const name of names) {
      const path = join(folder, name);
      if (await exists(path)) return path;
    }
  return null;
}
