/** Gets the native engine where it can be had. Not having it is no failure: WebAssembly always works. */
import path from "node:path";
import { root } from "./places.mjs";
import { run } from "./run.mjs";
import { patiently, say } from "./say.mjs";

const cli = path.join(root, "dist", "cli.js");

export async function ensureNative() {
  const { output: before, code } = await run(process.execPath, [cli, "doctor", "--json"]);
  const report = code === 0 ? JSON.parse(before) : null;
  if (report?.auto === "native") return;
  say("Getting the native engine, TensorFlow (once; up to 600 MB, a few minutes) ...");
  const installed = await patiently("getting TensorFlow", () =>
    run(process.execPath, [cli, "doctor", "--install-native"], { show: true }),
  );
  if (installed.code !== 0)
    say("  It cannot be had here. Everything works with the WebAssembly engine, only slower.");
}
