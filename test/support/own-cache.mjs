/** Structures that tests accept are kept for this run only: what an earlier one left must not decide what a file is. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const folder = path.join(tmpdir(), `convlens-structures-${process.pid}`);
process.env.CONVLENS_STRUCTURES = folder;
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
