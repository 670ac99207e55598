import { setTimeout as sleep } from "node:timers/promises";
import { commands } from "vscode";
import type { ConvLensApi } from "../../../src/host/api.ts";
import type { Held } from "../../../src/shared/contract/compute.ts";
import { until } from "../../support/until.ts";
import { closeAll } from "./extension.ts";

/** What the extension holds: the part of it that has to be as before once all panels are closed. */
export interface Upkeep {
  readonly panels: number;
  readonly listeners: number;
  /** Of the extension host, by their kind: timers come and go, and are left out. */
  readonly hostHandles: Readonly<Record<string, number>>;
  readonly compute: Held;
}

export async function upkeepOf({ panels, compute, engines }: ConvLensApi): Promise<Upkeep> {
  const held = await compute.remote.held({});
  const kinds: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo())
    if (!/^(Timeout|Immediate|TTYWrap|TickObject)$|REQ/i.test(kind))
      kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    panels: panels.all().length,
    listeners: compute.supervisor.listeners + engines.listeners,
    hostHandles: kinds,
    compute: held,
  };
}

/** What is held once no model is open: pipes of a process that was ended may take a moment to close. */
export async function settled(api: ConvLensApi): Promise<Upkeep> {
  await until("the models to be let go", async () => (await upkeepOf(api)).compute.models === 0);
  let last = "";
  await until("handles to stay as they are", async () => {
    await sleep(1000);
    const now = JSON.stringify((await upkeepOf(api)).hostHandles);
    const stays = now === last;
    last = now;
    return stays;
  });
  return upkeepOf(api);
}

/** Opens the inspector of `model` at Grad-CAM of `image`, and closes it; `seen` waits until its page has asked for something. */
export async function openAndClose(
  api: ConvLensApi,
  model: string,
  image: string,
  seen: boolean,
): Promise<void> {
  let asked = false;
  const stop = api.compute.onAnswer((method) => {
    if (method === "cam") asked = true;
  });
  await api.panels.inspect(model, { lens: "cam", images: [image], image });
  if (seen) await until("a heat map", () => asked);
  await closeAll();
  await commands.executeCommand("workbench.action.closeAllGroups");
  stop();
}
