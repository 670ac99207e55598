import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../shared/errors.ts";
import type { Preprocessing } from "../shared/preprocessing.ts";
import { sidecarPath, type Sidecar } from "../shared/sidecar.ts";

const LIMIT_BYTES = 1 << 20;

/** Reads `MODEL.convlens.json`; null when there is none. Throws a ConvLensError of kind `input` when it is no such file. */
export async function readSidecar(modelPath: string): Promise<Sidecar | null> {
  const file = sidecarPath(modelPath);
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
