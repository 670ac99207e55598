/** What cannot be a test, because it is a time or takes minutes: run by `npm run bench -- --host`. */
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConvLensApi } from "../../src/host/api.ts";
import { until } from "../support/until.ts";
import { closeAll, convlens, sample } from "./support/extension.ts";
import { openAndClose, upkeepOf, type Upkeep } from "./support/upkeep.ts";

const CYCLES = Number(process.env["CONVLENS_CYCLES"] ?? 500);
const INTERVAL_MS = 500;
const IDLE_MS = 10_000;

/** Returns its findings, a line each. */
export async function measure(): Promise<string[]> {
  const api = await convlens().activate();
  const lines = [`event loop of the extension host, idle: ${await delays(() => sleep(IDLE_MS))}`];
  lines.push(await followed(api));
  return [...lines, ...(await cycles(api))];
}

async function delays(work: () => Promise<unknown>): Promise<string> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
  return `median ${ms(histogram.percentile(50))}, 99 % below ${ms(histogram.percentile(99))}, longest ${ms(histogram.max)}`;
}

/** The recorded checkpoints of the digits network, two a second, each looked at as it comes. */
async function followed(api: ConvLensApi): Promise<string> {
  const from = sample("digits", "checkpoints").fsPath;
  const to = sample("run").fsPath;
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from)
    .filter((name) => name.endsWith(".h5"))
    .sort();
  const copy = (name: string): void => {
    copyFileSync(path.join(from, name), path.join(to, name));
  };
  for (const name of names.slice(0, 2)) copy(name);
  const image = sample("digits", "pictures", "digit_00_label6.png").fsPath;
  const known = new Set<string>();
  const stop = api.compute.onAnswer((method, params) => {
    if (method === "epoch") known.add((params as { model: string }).model);
  });
  const first = path.join(to, names[1] ?? "");
  await api.panels.inspect(first, { lens: "training", follow: true, images: [image], image });
  await until("the first epochs", () => known.size === 2, 120_000);
  const found = await delays(async () => {
    for (const name of names.slice(2)) {
      copy(name);
      await sleep(INTERVAL_MS);
    }
    await until("all epochs", () => known.size === names.length, 120_000);
  });
  stop();
  await closeAll();
  return `event loop of the extension host, ${names.length} checkpoints followed at two a second (${known.size} looked at): ${found}`;
}

async function cycles(api: ConvLensApi): Promise<string[]> {
  const model = sample("digits", "digits.h5").fsPath;
  const image = sample("digits", "pictures", "digit_00_label6.png").fsPath;
  await openAndClose(api, model, image, true);
  const lines: string[] = [];
  const note = async (cycle: number): Promise<void> => {
    await until("the model to be let go", async () => (await upkeepOf(api)).compute.models === 0);
    lines.push(`after ${cycle} panels: ${told(await upkeepOf(api))}`);
  };
  await note(0);
  const start = performance.now();
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    // every tenth page is waited for until it shows a heat map: the others go while they load
    await openAndClose(api, model, image, cycle % 10 === 0);
    if (cycle % 100 === 0 || cycle === CYCLES) await note(cycle);
  }
  lines.push(`${CYCLES} panels in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return lines;
}

function told({ panels, listeners, hostHandles, compute }: Upkeep): string {
  const { models, values, programs, tensors, handles, residentBytes } = compute;
  const host = Object.entries(hostHandles).map(([kind, count]) => `${kind} ${count}`);
  const heap = (process.memoryUsage().heapUsed / 2 ** 20).toFixed(0);
  return [
    `${panels} panels, ${listeners} listeners; host handles: ${host.join(", ")}; host heap ${heap} MB`,
    `compute: ${models} models, ${values} values, ${programs} programs, ${tensors} tensors, ${handles} handles, ${(residentBytes / 2 ** 20).toFixed(0)} MB resident`,
  ].join("; ");
}
