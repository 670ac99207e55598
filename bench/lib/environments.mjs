/** The peers' Python environments, in the cache folder; one that cannot be made is said and left out. */
import path from "node:path";
import { cache } from "../../scripts/lib/places.mjs";
import { pythonEnvironment } from "../../scripts/lib/python.mjs";
import { say } from "../../scripts/lib/say.mjs";

export const benchCache = path.join(cache, "bench");
export const peersFolder = path.resolve(import.meta.dirname, "..", "peers");

const SIZES = { tf: "about 1.5 GB", torch: "about 6 GB, it brings CUDA libraries" };

/**
 * @param {readonly string[]} names `tf`, `torch`
 * @param {Record<string, string | undefined>} pythons interpreters given by the person
 * @returns {Promise<Record<string, string>>} interpreter by environment, without those that are missing
 */
export async function makeEnvironments(names, pythons) {
  const ready = {};
  for (const name of names)
    try {
      ready[name] =
        pythons[name] ??
        (await pythonEnvironment({
          name,
          folder: path.join(benchCache, `venv-${name}`),
          requirements: path.join(peersFolder, `requirements-${name}.txt`),
          constraints: path.join(peersFolder, `constraints-${name}.txt`),
          size: SIZES[name],
        }));
    } catch (error) {
      say(`The peers of '${name}' are left out: ${error.message}`);
    }
  return ready;
}
