import path from "node:path";
import { Uri, workspace } from "vscode";
import type { ExportRequest } from "../../shared/export-request.ts";
import { t } from "../../shared/l10n.ts";
import { askProgram } from "../checkpoint/ask.ts";
import { consented } from "../checkpoint/consent.ts";
import { selectedPython } from "../checkpoint/interpreters.ts";
import { scriptsNear } from "../checkpoint/scripts.ts";
import { showInformation, showProgress } from "../notices.ts";
import { notTrusted } from "../panels/calls.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";
import { targetOf } from "./target.ts";

/** `convlens.runCheckpoint`: a file of weights gets its network from the person's own program; nothing runs before they agree. */
export const runCheckpoint =
  (services: Services): Command =>
  async (arg) => {
    if (!workspace.isTrusted) throw notTrusted();
    const target = await targetOf(services, arg, t("Run This Checkpoint"));
    if (!target) return;
    const { model } = target;
    const { remote } = services.compute;
    const summary = await remote.summary({ model });
    // one that was told by its weights alone, or holds layers that are code, may still be asked of the program that made it
    const { inputs, structure, pythonCode } = summary;
    if (inputs.length > 0 && structure === null && pythonCode.length === 0) {
      void showInformation(t("{0} has its network already.", summary.name));
      return;
    }
    const scripts = await scriptsNear(model);
    const choices = await remote.exportChoices({ model, scripts });
    const program = await askProgram(model, choices);
    if (program === null) return;
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    const tools = await remote.exportTools({ folders });
    const selected = await selectedPython(Uri.file(program.script));
    const pythons = [...new Set([...(selected === null ? [] : [selected]), ...tools.pythons])];
    const request = await consented(model, program, { helper: tools.helper, pythons });
    if (request === null) return;
    await run(services, model, request);
    // it was opened without a network, to be asked about
    await services.compute.release(model);
    await services.panels.changed(model);
    await services.panels.inspect(model, {});
  };

async function run(services: Services, model: string, request: ExportRequest): Promise<void> {
  const { log, compute } = services;
  // it may have been taken back while the dialog was open
  if (!workspace.isTrusted) throw notTrusted();
  await showProgress(
    t("ConvLens: running {0}", path.basename(request.script)),
    async (progress, signal) => {
      await compute.remote.exportStructure(
        { model, request },
        {
          signal,
          onProgress: ({ message, partial }) => {
            if (message !== undefined) progress.report({ message });
            for (const line of [message, partial].flatMap(linesOf)) log.info(line);
          },
        },
      );
    },
  );
}

const linesOf = (text: unknown): string[] =>
  typeof text === "string" ? text.split(/\r?\n/).filter((line) => line.trim() !== "") : [];
