/** What vsce is told: with a repository that others can read, the README's pictures and links lead there; without one the pictures come along. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./places.mjs";

/**
 * @param {{ repository?: string | { url: string } }} manifest package.json
 * @param {NodeJS.ProcessEnv} env as GitHub's machines set it
 * @returns {{ url: string, ref: string } | null} where this state of the files can be read; null: not known
 */
export function repositoryOf({ repository }, env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: sha } = env;
  const given = typeof repository === "string" ? repository : repository?.url;
  const url = given ?? (server && name ? `${server}/${name}` : undefined);
  if (!url) return null;
  return { url: url.replace(/^git\+/, "").replace(/\.git$/, ""), ref: sha || "HEAD" };
}

/** @returns {string[]} arguments of `vsce package`, but for target and file */
export function vsceArguments(env = process.env) {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const found = repositoryOf(manifest, env);
  const common = ["--no-dependencies", "--allow-missing-repository"];
  if (found) {
    const { url, ref } = found;
    return [
      ...common,
      ...["--baseContentUrl", `${url}/blob/${ref}`],
      ...["--baseImagesUrl", `${url}/raw/${ref}`],
    ];
  }
  const list = path.join(root, "out", "vscodeignore");
  mkdirSync(path.dirname(list), { recursive: true });
  const usual = readFileSync(path.join(root, ".vscodeignore"), "utf8");
  writeFileSync(list, `${usual}!media/readme/**\n`);
  return [...common, "--no-rewrite-relative-links", "--ignoreFile", list];
}
