import { existsSync } from "node:fs";
import { constants } from "node:os";
import { Worker } from "node:worker_threads";
import { quiet } from "./load.ts";
import { librariesOf, locateUnchanged } from "./locate.ts";

/** A plain library is loaded, and then complained about for not being an addon; it stays, whatever becomes of the thread. */
const LOAD = `
const { files, flags } = require("node:worker_threads").workerData;
for (const file of files) try { process.dlopen({ exports: {} }, file, flags) } catch {}
`;
const RTLD_NODELETE = 0x1000;
let begun = false;

/**
 * Begins to load TensorFlow's libraries (0.15 s) on a thread of its own, for whoever has a model to read meanwhile. `loadBinding` waits for
 * what has begun, and says what went wrong.
 */
export function loadAhead(): void {
  if (begun || process.platform !== "linux") return;
  begun = true;
  const found = locateUnchanged();
  if ("reason" in found) return;
  const files = librariesOf(found).filter(existsSync);
  quiet();
  const flags = constants.dlopen.RTLD_LAZY | RTLD_NODELETE;
  new Worker(LOAD, { eval: true, workerData: { files, flags } }).unref();
}
