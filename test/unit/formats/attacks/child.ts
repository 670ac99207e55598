/** Opens what its parent sends, and tells what happened. Runs with --expose-gc and without code from strings. */
import child from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { forgetPeak, peakMemory } from "../../../support/peak-memory.ts";
import type { Outcome } from "./types.ts";

let opened: string[] = [];
let started: string[] = [];

/** The functions of a built-in module by name, with `tell` told of each call before it. */
function watch(
  module: object,
  names: readonly string[],
  tell: (first: unknown, name: string) => void,
): void {
  const functions = module as Record<string, (...args: unknown[]) => unknown>;
  for (const name of names) {
    const original = functions[name];
    if (!original) throw new RangeError(`no function '${name}'`);
    functions[name] = function (this: unknown, ...args: unknown[]) {
      tell(args[0], name);
      return original.apply(this, args);
    };
  }
}
const isOpened = (file: unknown): void => {
  if (typeof file !== "number") opened.push(String(file));
};
const isStarted = (what: unknown, name: string): void => {
  started.push(`${name} ${typeof what === "string" ? what : ""}`);
};
watch(
  fs,
  ["open", "openSync", "readFile", "readFileSync", "createReadStream", "writeFileSync"],
  isOpened,
);
watch(fs.promises, ["open", "readFile", "writeFile"], isOpened);
watch(
  child,
  ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"],
  isStarted,
);
watch(net, ["connect", "createConnection"], isStarted);
watch(globalThis, ["fetch"], isStarted);
syncBuiltinESMExports();

const { readModel } = await import("../../../../src/formats/index.ts");

async function open(file: string): Promise<Outcome> {
  globalThis.gc?.();
  forgetPeak();
  [opened, started] = [[], []];
  const before = process.cpuUsage();
  const errors: Outcome["errors"][number][] = [];
  const caught = (error: unknown): void => {
    const { name, message, kind = "none" } = error as Error & { kind?: string };
    errors.push({ name, message, kind });
  };
  let layers: string[] = [];
  let opaque: string[] = [];
  try {
    const graph = await readModel(file);
    layers = graph.layers.map(({ name }) => name);
    opaque = graph.layers.flatMap((layer) => layer.opaque ?? []);
    for (const layer of graph.layers)
      for (const { ref } of layer.weights) await graph.weights.read(ref).catch(caught);
    graph.weights.close();
  } catch (error) {
    caught(error);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const outcome = { errors, opaque, layers, opened: [...opened], started, seconds };
  return { ...outcome, peak: peakMemory() };
}

process.on("message", (file: string) => {
  void open(file).then((outcome) => process.send?.(outcome));
});
process.send?.("ready");
