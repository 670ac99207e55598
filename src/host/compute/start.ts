import { Uri, workspace, commands, type Disposable } from "vscode";
import { t } from "../../shared/l10n.ts";
import { computeSettings } from "../settings.ts";
import { forkChild } from "./child.ts";
import { ComputeClient } from "./client.ts";
import { showError, type Log } from "../notices.ts";

/** The client of `dist/compute.js`, with its life written to the log. Nothing is started yet. */
export function computeClient(extension: Uri, log: Log): ComputeClient {
  const module = Uri.joinPath(extension, "dist", "compute.js").fsPath;
  const client = new ComputeClient(
    () => forkChild(module, (line) => log.info(`compute: ${line}`)),
    computeSettings,
  );
  client.supervisor.onStarted(() => log.info("The compute process was started."));
  client.supervisor.onLost((reason) => log.warn(`The compute process stopped: ${reason}`));
  client.supervisor.onGaveUp((reason) => void offerRestart(reason));
  return client;
}

/** Tells the process when settings change. */
export function followSettings(client: ComputeClient, changed: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration("convlens")) return;
    void client.settingsChanged().then(changed, () => undefined);
  });
}

async function offerRestart(reason: string): Promise<void> {
  const restart = t("Restart");
  const answer = await showError(reason, restart, t("Show Log"));
  if (answer === restart) await commands.executeCommand("convlens.restart");
  else if (answer) await commands.executeCommand("convlens.showLog");
}
