import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { readBounded } from "../../files/read-bounded.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { inputError } from "../../base/errors.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import { isSameTraining } from "../../shared/series.ts";
import { isStated, sidecarPath, statedFile, type Sidecar } from "../../shared/sidecar.ts";

const LIMIT_BYTES = 1 << 20;
const SUFFIX = ".convlens.json";

/**
 * The sidecar of a model: `MODEL.convlens.json`, or that of another checkpoint of the same training, because what holds for one holds
 * for all. Null where there is none.
 */
export async function sidecarOf(modelPath: string): Promise<string | null> {
  const own = sidecarPath(modelPath);
  if (await exists(own)) return own;
  const folder = path.dirname(own);
  const names = await readdir(folder).catch(() => []);
  const [other] = names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => path.join(folder, name.slice(0, -SUFFIX.length)))
    .filter((model) => isSameTraining(model, own.slice(0, -SUFFIX.length)))
    .sort();
  return other === undefined ? null : sidecarPath(other);
}

/** Files in the model's folder that its sidecar names: labels, and arrays for inputs. */
export function namedFiles(modelPath: string, sidecar: Sidecar | null): string[] {
  const folder = path.dirname(path.resolve(modelPath));
  const inputs: unknown = sidecar?.inputs;
  const values = Object.values(Object(inputs) as Record<string, unknown>).filter(isStated);
  const named = [sidecar?.labels, ...values.map(statedFile)];
  const files = named.flatMap((name) =>
    typeof name === "string" ? path.resolve(folder, name) : [],
  );
  // what lies elsewhere is not read, and not even looked at
  return files.filter((file) => file.startsWith(path.join(folder, path.sep)));
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** What the sidecar of a model says; null where there is none. Throws a ConvLensError of kind `input` when it is no such file. */
export async function readSidecar(modelPath: string): Promise<Sidecar | null> {
  const file = await sidecarOf(modelPath);
  return file === null ? null : parseSidecar(file);
}

/** Reads a file that `sidecarOf` found. Throws a ConvLensError of kind `input` when it is no sidecar. */
export async function parseSidecar(file: string): Promise<Sidecar> {
  const name = path.basename(file);
  const within = path.dirname(path.resolve(file));
  const bytes = await readBounded(file, { what: "The sidecar", most: LIMIT_BYTES, within });
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw inputError(`${name} is not valid JSON (${String(error)}); correct or delete it.`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw inputError(`${name} must hold a JSON object; correct or delete it.`);
  return parsed;
}

/**
 * Writes what a person chose of how pictures become inputs, keeping the other entries; returns the path. Throws a ConvLensError where the
 * file that is there cannot be understood, or the place not be written: then nothing is changed.
 */
export const writeSidecar = (
  modelPath: string,
  { order, scale, mean, std, fit, cropped, interpolation, size }: Preprocessing,
): Promise<string> =>
  writeEntries(modelPath, {
    preprocess: {
      ...{ order, scale, mean: [...mean], std: [...std], fit },
      ...(cropped !== undefined && { cropped }),
      ...(interpolation !== undefined && { interpolation }),
    },
    ...(size && { inputSize: [size[0], size[1]] }),
  });

/** The same for any entries. */
export async function writeEntries(modelPath: string, entries: Sidecar): Promise<string> {
  // one that cannot be understood is not written over: it may hold labels, and lack a comma
  const known = await readSidecar(modelPath);
  const file = sidecarPath(modelPath);
  await writeWhole(file, JSON.stringify({ ...known, ...entries }, null, 2) + "\n");
  return file;
}
