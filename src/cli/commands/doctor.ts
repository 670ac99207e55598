import { engineReport } from "../../engine/index.ts";
import type { EngineReport } from "../../shared/engines.ts";
import type { Call, Command } from "../command.ts";
import { table } from "../table.ts";

export const command: Command = {
  needsModel: false,
  async run(_model, call) {
    if (call.args.values["install-native"] !== undefined) await install(call);
    const report = engineReport();
    return { engine: null, document: { ...report }, text: describe(report) };
  },
};

async function install({ signal, say }: Call): Promise<void> {
  const { installNative } = await import("../../native/index.ts");
  let last = "";
  const { tensorflow, location } = await installNative({
    signal,
    onProgress: ({ message, fraction }) => {
      const line =
        fraction === undefined ? message : `${message} (${Math.floor(fraction * 10)}0 %)`;
      if (line !== last) say(line);
      last = line;
    },
  });
  say(`TensorFlow ${tensorflow} is in ${location}`);
}

function describe({ engines, auto, node, platform }: EngineReport): string {
  const rows = engines.map(({ name, ready, version }) => [
    name,
    ready ? "ready" : "not ready",
    version ?? "",
    name === auto ? "taken by auto" : "",
  ]);
  const reasons = engines.flatMap(({ name, reason }) =>
    reason === null ? [] : `${name}: ${reason}`,
  );
  const where = engines.flatMap(({ name, location }) =>
    location === null ? [] : `${name} lies in ${location}`,
  );
  const here = `Node ${node.replace(/^v/, "")} on ${platform}`;
  return [table(["engine", "state", "version", ""], rows), ...reasons, ...where, here].join("\n");
}
