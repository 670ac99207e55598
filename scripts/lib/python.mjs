/** Python environments of pinned packages, made once with pip. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { windows } from "./places.mjs";
import { must } from "./run.mjs";
import { patiently, say } from "./say.mjs";

/**
 * Makes the environment in `folder`, or takes the one that is there if it was made from the same files.
 * @param {{
 *   name: string,
 *   folder: string,
 *   requirements: string,
 *   constraints: string,
 *   alone?: string | null,
 *   size: string,
 * }} wanted requirements, constraints: files for pip; alone: packages that are installed without what they depend on;
 *   size: what the person is told to expect
 * @returns {Promise<string>} its interpreter
 */
export async function pythonEnvironment(wanted) {
  const { name, folder, requirements, constraints, alone = null, size } = wanted;
  const files = [requirements, constraints, ...(alone === null ? [] : [alone])];
  const texts = files.map((file) => readFileSync(file));
  const stamp = createHash("sha256").update(Buffer.concat(texts)).digest("hex");
  const python = path.join(folder, ...(windows ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const done = path.join(folder, "requirements.sha256");
  if (existsSync(done) && readFileSync(done, "utf8") === stamp) return python;
  say(`Making the Python environment '${name}' in ${folder} (${size}; minutes) ...`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  await must(windows ? "python" : "python3", ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"];
  await patiently(`installing the packages of '${name}'`, () =>
    must(python, [...pip, "-r", requirements, "-c", constraints]),
  );
  if (alone !== null) await must(python, [...pip, "--no-deps", "-r", alone]);
  writeFileSync(done, stamp);
  return python;
}
