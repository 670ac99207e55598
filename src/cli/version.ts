import { readFile } from "node:fs/promises";

/** From package.json: beside dist/ when bundled, at the root when run from source. */
export async function version(): Promise<string> {
  for (const place of ["../package.json", "../../package.json"]) {
    const text = await readFile(new URL(place, import.meta.url), "utf8").catch(() => null);
    const found =
      text === null ? null : (JSON.parse(text) as { name?: unknown; version?: unknown });
    if (found?.name === "convlens") return String(found.version);
  }
  return "unknown";
}
