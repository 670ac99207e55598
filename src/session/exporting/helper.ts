import { computeError } from "../../base/errors.ts";
import { assetFolders, firstOf } from "../../native/assets.ts";
import path from "node:path";

/** The helper for Python that came along. Throws a ConvLensError of kind `compute` where it did not. */
export async function helperFile(): Promise<string> {
  const file = await firstOf(assetFolders(), [
    path.join("python", "convlens.py"),
    path.join("dist", "python", "convlens.py"),
    path.join("media", "python", "convlens.py"),
  ]);
  if (file !== null) return file;
  throw computeError("ConvLens' helper for Python is missing; install ConvLens again.");
}
