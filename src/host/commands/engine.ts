import { commands, ConfigurationTarget, env, version, workspace } from "vscode";
import type { EngineChoice, EngineInfo, EngineReport } from "../../shared/engines.ts";
import { t } from "../../shared/l10n.ts";
import { doctorHtml } from "../engine/doctor-page.ts";
import type { DoctorPanel } from "../engine/doctor-panel.ts";
import { doctorReport, engineLabel, type HostFacts } from "../engine/words.ts";
import { pick } from "../picks/pick.ts";
import type { Choice } from "../picks/items.ts";
import type { Services } from "../services.ts";
import { computeSettings } from "../settings.ts";
import type { Command } from "./ids.ts";
import { ask, showInformation, showProgress, showWarning } from "../notices.ts";

/** `convlens.installNative`: nothing is downloaded before the person agrees, nothing run for a workspace that is not trusted. */
export const installNative =
  (services: Services): Command =>
  async () => {
    if (!workspace.isTrusted) {
      void showWarning(
        t("This workspace is not trusted, so ConvLens gets no native engine from it."),
      );
      return;
    }
    const agree = t("Get It");
    const answer = await ask(
      t("Get the native TensorFlow engine?"),
      t(
        "It computes several times faster than the embedded WebAssembly engine. About 190 MB are downloaded and 430 MB of disk are used, in your user folder. On Linux (x64) it comes from the Python package index through pip; elsewhere, and where that does not work, from the site that TensorFlow.js' package names. Either is compared with a known checksum before any of it is unpacked. A TensorFlow that your Python has already is used where it lies, and not compared with one. Before it is loaded, its files are compared with those that were installed. ConvLens works without it.",
      ),
      agree,
    );
    if (answer !== agree) return;
    await showProgress(t("ConvLens: getting the native engine"), async (progress, signal) => {
      let before = 0;
      const opened = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
      await services.compute.remote.installNative(
        { opened },
        {
          signal,
          onProgress: ({ message, fraction }) => {
            const increment = fraction === undefined ? 0 : Math.max(0, fraction - before) * 100;
            before = Math.max(before, fraction ?? 0);
            progress.report({ increment, ...(message !== undefined && { message }) });
            if (message !== undefined) services.log.info(message);
          },
        },
      );
    });
    // a process that runs already keeps the engine it began with
    services.compute.supervisor.restart("The native engine was installed.");
    const { engines } = await services.engines.refresh();
    const native = engines.find(({ name }) => name === "native");
    if (native?.ready)
      void showInformation(t("ConvLens: {0} is ready.", native.version ?? "TensorFlow"));
    else
      void showWarning(
        t(
          "ConvLens: the native engine is still not ready: {0}",
          native?.reason ?? t("no reason is known"),
        ),
      );
  };

/** `convlens.doctor`: what is ready here, as a page. */
export const doctor =
  (services: Services, panel: DoctorPanel): Command =>
  async () => {
    panel.show(doctorHtml(...(await examined(services))));
  };

/** `convlens.copyDoctor`: the same as text, to be sent to others. */
export const copyDoctor =
  (services: Services): Command =>
  async () => {
    await env.clipboard.writeText(doctorReport(...(await examined(services))));
    void showInformation(t("The report is in the clipboard."));
  };

/** What the doctor finds: here, what computes, and which engines are ready. */
async function examined({
  extension,
  engines,
}: Services): Promise<[HostFacts, EngineInfo | null, EngineReport]> {
  const report = await engines.refresh();
  const settings = computeSettings();
  const manifest = extension.extension.packageJSON as { version: string };
  const facts: HostFacts = {
    extension: manifest.version,
    editor: `${env.appName} ${version}`,
    remote: env.remoteName ?? null,
    choice: settings.engine,
    memoryBudgetMB: settings.memoryBudgetBytes / 1024 / 1024,
    trusted: workspace.isTrusted,
  };
  return [facts, engines.engine, report];
}

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
        ...(typeof reason === "string" && { detail: t("Not ready: {0}", reason) }),
      };
    };
    const choice = await pick<EngineChoice>(t("Select Engine"), t("Which engine shall compute?"), [
      row("auto", t("Automatic"), t("native where it is ready, else WebAssembly")),
      row("native", engineLabel("native"), t("fastest")),
      row("wasm", engineLabel("wasm"), t("embedded, always works")),
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
  const chosen = await pick(t("Engine"), t("What would you like to do?"), [
    { icon: "settings", label: t("Select engine…"), value: "convlens.selectEngine" },
    { icon: "cloud-download", label: t("Get the native engine…"), value: "convlens.installNative" },
    { icon: "pulse", label: t("Doctor: what is ready here, and why"), value: "convlens.doctor" },
    { icon: "debug-restart", label: t("Restart the compute process"), value: "convlens.restart" },
    { icon: "output", label: t("Show log"), value: "convlens.showLog" },
  ]);
  if (chosen !== null) await commands.executeCommand(chosen);
};
