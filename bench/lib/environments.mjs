/** The peers' Python environments, made once with pip in the cache folder; one that cannot be made is said and left out. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { must } from "../../scripts/lib/run.mjs";
import { patiently, say } from "../../scripts/lib/say.mjs";
import { cache, windows } from "../../scripts/lib/places.mjs";

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
      ready[name] = pythons[name] ?? (await makeEnvironment(name));
    } catch (error) {
      say(`The peers of '${name}' are left out: ${error.message}`);
    }
  return ready;
}

async function makeEnvironment(name) {
  const files = [`requirements-${name}.txt`, `constraints-${name}.txt`];
  const texts = files.map((file) => readFileSync(path.join(peersFolder, file)));
  const stamp = createHash("sha256").update(Buffer.concat(texts)).digest("hex");
  const folder = path.join(benchCache, `venv-${name}`);
  const python = path.join(folder, ...(windows ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const done = path.join(folder, "requirements.sha256");
  if (existsSync(done) && readFileSync(done, "utf8") === stamp) return python;
  say(`Making the Python environment '${name}' in ${folder} (${SIZES[name]}; minutes) ...`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(benchCache, { recursive: true });
  await must(windows ? "python" : "python3", ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"];
  await patiently(`installing the packages of '${name}'`, () =>
    must(python, [...pip, "-r", path.join(peersFolder, files[0])]),
  );
  writeFileSync(done, stamp);
  return python;
}
