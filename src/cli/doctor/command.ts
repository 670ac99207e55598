import { engineReport } from "../../engine/index.ts";
import type { EngineInfo, EngineReport } from "../../shared/engines.ts";
import { usageError } from "../../base/errors.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { openRunnable } from "../model/open.ts";
import { readPicture } from "../../pictures/index.ts";
import { tryScalings, type Trial } from "../../session/index.ts";
import { percent, table } from "../output/table.ts";
import { preprocessingText } from "../inspect/command.ts";

/** Which engines are ready; with a model and pictures, which preprocessing seems to fit. */
export const command: Command = {
  needsModel: false,
  async run(file, call) {
    if (call.args.values["install-native"] !== undefined) await install(call);
    const report = engineReport();
    if (file === "") return { engine: null, document: { ...report }, text: describe(report) };
    const { engine, trials, now } = await examine(file, call);
    return {
      engine,
      document: { ...report, trials: trials.map(written), preprocessing: now },
      text: [describe(report), describeTrials(trials), `used now: ${preprocessingText(now)}`].join(
        "\n\n",
      ),
    };
  },
};

/** Which preprocessing the model seems to want. */
async function examine(
  file: string,
  call: Call,
): Promise<{ engine: EngineInfo; trials: Trial[]; now: Preprocessing }> {
  const pictures = call.args.sources.filter(({ kind }) => kind === "image");
  if (pictures.length === 0)
    throw usageError(
      "To find out which preprocessing a model wants, doctor needs pictures of its classes: --image FILE.",
    );
  const model = await openRunnable(file, call);
  const runner = await onEngine(model, call);
  const read = await Promise.all(pictures.map(({ text }) => readPicture(text)));
  const trials = await tryScalings(runner, read, call.signal);
  return { engine: runner.engine.info, trials, now: model.preprocessing };
}

const written = ({ how: { fit }, name, ...found }: Trial): object => ({ name, fit, ...found });

function describeTrials(trials: readonly Trial[]): string {
  const rows = trials.map(({ name, how, confidence, classes, used }) => [
    name,
    how.fit,
    percent(confidence),
    classes.map(({ index, label }) => label ?? String(index)).join("; "),
    used ? "used now" : "",
  ]);
  const rank = table(["preprocessing", "fit", "confidence", "class on top", ""], rows);
  return `${rank}\nconfidence is a hint, not a proof: the class must be right too`;
}

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
