/** What pictures ought to show, worked out here from the numbers that the command line gives. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../../scripts/lib/places.mjs";

/** A float32 array of NumPy's format 1.0. */
function readNpy(file: string): { shape: readonly number[]; data: Float32Array } {
  const bytes = readFileSync(file);
  const end = 10 + bytes.readUInt16LE(8);
  const shape = /'shape': \(([^)]*)\)/.exec(bytes.toString("latin1", 10, end))?.[1] ?? "";
  return {
    shape: shape.split(",").filter(Boolean).map(Number),
    data: new Float32Array(Uint8Array.from(bytes.subarray(end)).buffer),
  };
}

/** Colours [r, g, b] of one filter of a 3-channel convolution, from its smallest weight (0) to its largest (255). */
export function filterColours(
  model: string,
  layer: string,
  filter: number,
): readonly (readonly number[])[] {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-filters-"));
  try {
    const cli = path.join(root, "dist", "cli.js");
    const args = ["filters", model, "--layer", layer, "--out", folder, "--json"];
    execFileSync(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    const { shape, data } = readNpy(path.join(folder, "kernel.npy"));
    const filters = shape[3] ?? 0;
    const weights = [...data.filter((_, index) => index % filters === filter)];
    const low = Math.min(...weights);
    const high = Math.max(...weights);
    const bytes = weights.map((weight) => Math.round(((weight - low) / (high - low)) * 255));
    return Array.from({ length: bytes.length / 3 }, (_, cell) =>
      bytes.slice(cell * 3, cell * 3 + 3),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
