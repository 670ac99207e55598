import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import { isSameTraining } from "../../shared/series.ts";
import { sidecarPath, type Sidecar } from "../../shared/sidecar.ts";

const LIMIT_BYTES = 1 << 20;
const SUFFIX = ".convlens.json";

/**
 * Reads `MODEL.convlens.json`, or that of another checkpoint of the same training: what holds for one holds for all. Null when there is
 * none. Throws a ConvLensError of kind `input` when it is no such file.
 */
export async function readSidecar(modelPath: string): Promise<Sidecar | null> {
  const own = sidecarPath(modelPath);
  const info = await stat(own).catch(() => null);
  if (info) return parseSidecar(own);
  const folder = path.dirname(own);
  const names = await readdir(folder).catch(() => []);
  const [other] = names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => path.join(folder, name.slice(0, -SUFFIX.length)))
    .filter((model) => isSameTraining(model, own.slice(0, -SUFFIX.length)))
    .sort();
  return other === undefined ? null : parseSidecar(sidecarPath(other));
}

async function parseSidecar(file: string): Promise<Sidecar | null> {
  const info = await stat(file).catch(() => null);
  if (!info) return null;
  const name = path.basename(file);
  if (info.size > LIMIT_BYTES) throw inputError(`${name} is larger than 1 MiB; it is no sidecar.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw inputError(`${name} is not valid JSON (${String(error)}); correct or delete it.`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw inputError(`${name} must hold a JSON object; correct or delete it.`);
  return parsed;
}

/** Writes what a person chose, keeping the other entries; returns the path. */
export async function writeSidecar(
  modelPath: string,
  { order, scale, mean, std, fit, size }: Preprocessing,
): Promise<string> {
  const known = await readSidecar(modelPath).catch(() => null);
  const sidecar: Sidecar = {
    ...known,
    preprocess: { order, scale, mean: [...mean], std: [...std], fit },
    ...(size && { inputSize: [size[0], size[1]] }),
  };
  const file = sidecarPath(modelPath);
  await writeFile(file, JSON.stringify(sidecar, null, 2) + "\n");
  return file;
}
