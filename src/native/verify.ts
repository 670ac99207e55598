import { join, resolve } from "node:path";
import { nativeDirectory, platformName } from "./cache.ts";
import { exists, sha256 } from "./files.ts";
import { readManifest } from "./manifest.ts";

/**
 * What is wrong with the installed native engine, one sentence each; an empty list when every file is as it was
 * installed. Reads all of it (about 400 MB).
 */
export async function verifyNative(
  options: { signal?: AbortSignal | undefined; env?: NodeJS.ProcessEnv } = {},
): Promise<string[]> {
  const folder = join(nativeDirectory(options.env), "current");
  if (!(await exists(folder))) return ["The native engine is not installed."];
  const manifest = await readManifest(folder);
  if (!manifest) return [`${folder} has no readable manifest.json.`];
  const problems: string[] = [];
  if (manifest.platform !== platformName())
    problems.push(`It was installed for ${manifest.platform}; this is ${platformName()}.`);
  for (const [name, sum] of Object.entries(manifest.files)) {
    const path = resolve(folder, name);
    if (!(await exists(path))) problems.push(`${path} is missing.`);
    else if ((await sha256(path, options.signal)) !== sum)
      problems.push(`${path} was changed since it was installed.`);
  }
  if (manifest.libraries !== undefined && !(await exists(manifest.libraries)))
    problems.push(`The Python TensorFlow it uses is gone: ${manifest.libraries}.`);
  return problems;
}
