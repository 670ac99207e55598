import {
  commands,
  ConfigurationTarget,
  env,
  ProgressLocation,
  Uri,
  version,
  window,
  workspace,
} from "vscode";
import type { EngineChoice } from "../../shared/engines.ts";
import { doctorReport, ENGINE_LABELS } from "../engine/words.ts";
import { REPORT_SCHEME, type Reports } from "../engine/reports.ts";
import { pick } from "../picks/pick.ts";
import type { Choice } from "../picks/items.ts";
import type { Services } from "../services.ts";
import { computeSettings } from "../settings.ts";
import type { Command } from "./ids.ts";

const GET_IT = "Get It";

/** `convlens.installNative`: nothing is downloaded before the person agrees. */
export const installNative =
  (services: Services): Command =>
  async () => {
    const answer = await window.showInformationMessage(
      "Get the native TensorFlow engine?",
      {
        modal: true,
        detail:
          "It computes several times faster than the embedded WebAssembly engine. About 190 MB are downloaded and 430 MB of disk are used, in your user folder. It comes through the package's own install step, or, where that does not work, from the Python package index through pip; what arrives is checked against known checksums. ConvLens works without it.",
      },
      GET_IT,
    );
    if (answer !== GET_IT) return;
    await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: "ConvLens: getting the native engine",
        cancellable: true,
      },
      async (progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => {
          controller.abort();
        });
        let before = 0;
        await services.compute.remote.installNative(
          {},
          {
            signal: controller.signal,
            onProgress: ({ message, fraction }) => {
              const increment = fraction === undefined ? 0 : Math.max(0, fraction - before) * 100;
              before = Math.max(before, fraction ?? 0);
              progress.report({ increment, ...(message !== undefined && { message }) });
              if (message !== undefined) services.log.info(message);
            },
          },
        );
      },
    );
    // a process that runs already keeps the engine it began with
    services.compute.supervisor.restart("The native engine was installed.");
    const { engines } = await services.engines.refresh();
    const native = engines.find(({ name }) => name === "native");
    if (native?.ready)
      void window.showInformationMessage(`ConvLens: ${native.version ?? "TensorFlow"} is ready.`);
    else
      void window.showWarningMessage(
        `ConvLens: the native engine is still not ready: ${native?.reason ?? "no reason is known"}`,
      );
  };

/** `convlens.doctor`: a report to read, to copy, to send. */
export const doctor =
  ({ extension, engines }: Services, reports: Reports): Command =>
  async () => {
    const report = await engines.refresh();
    const settings = computeSettings();
    const manifest = extension.extension.packageJSON as { version: string };
    const text = doctorReport(
      {
        extension: manifest.version,
        editor: `${env.appName} ${version}`,
        remote: env.remoteName ?? null,
        choice: settings.engine,
        memoryBudgetMB: settings.memoryBudgetBytes / 1024 / 1024,
        trusted: workspace.isTrusted,
      },
      engines.engine,
      report,
    );
    const uri = Uri.from({ scheme: REPORT_SCHEME, path: "ConvLens Doctor.md" });
    reports.set(uri, text);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  };

/** `convlens.selectEngine`: writes the setting where it was set, or for the person. */
export const selectEngine =
  ({ engines }: Services): Command =>
  async () => {
    const reasons = Object.fromEntries(
      (engines.report?.engines ?? []).map((status) => [status.name, status.reason]),
    );
    const row = (value: EngineChoice, label: string, description: string): Choice<EngineChoice> => {
      const reason = reasons[value];
      return {
        label,
        description,
        value,
        ...(typeof reason === "string" && { detail: `Not ready: ${reason}` }),
      };
    };
    const choice = await pick<EngineChoice>("Select Engine", "Which engine shall compute?", [
      row("auto", "Automatic", "native where it is ready, else WebAssembly"),
      row("native", ENGINE_LABELS.native, "fastest"),
      row("wasm", ENGINE_LABELS.wasm, "embedded, always works"),
    ]);
    if (choice === null) return;
    const configuration = workspace.getConfiguration("convlens");
    const inWorkspace = configuration.inspect("engine")?.workspaceValue !== undefined;
    await configuration.update(
      "engine",
      choice,
      inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global,
    );
  };

/** `convlens.engineMenu`: what a click on the status bar offers. */
export const engineMenu = (): Command => async () => {
  const chosen = await pick("Engine", "What would you like to do?", [
    { label: "$(settings) Select engine…", value: "convlens.selectEngine" },
    { label: "$(cloud-download) Get the native engine…", value: "convlens.installNative" },
    { label: "$(pulse) Doctor: what is ready here, and why", value: "convlens.doctor" },
    { label: "$(debug-restart) Restart the compute process", value: "convlens.restart" },
    { label: "$(output) Show log", value: "convlens.showLog" },
  ]);
  if (chosen !== null) await commands.executeCommand(chosen);
};
