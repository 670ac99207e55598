import path from "node:path";
import { commands, env, Uri, ViewColumn, window, workspace } from "vscode";
import { t } from "../../shared/l10n.ts";
import { reportQuestion } from "../../shared/intent-questions.ts";
import { notTrusted } from "../panels/calls.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";
import { targetOf } from "./target.ts";
import { showInformation, showProgress, showWarning } from "../notices.ts";

/** `convlens.showCode`: a script that makes what the inspector shows, in an editor of its own. */
export const showCode =
  (services: Services): Command =>
  async (arg) => {
    const target = await targetOf(services, arg, t("Show Code"));
    if (!target) return;
    const { panels, compute } = services;
    const model = panels.currentIntent(target.model).checkpoint ?? target.model;
    const shown = panels.currentShown(target.model);
    const { text, runs } = await compute.remote.reproduce({ model, shown });
    const document = await workspace.openTextDocument({ language: "python", content: text });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: false });
    if (runs.length > 0)
      void showWarning(
        t(
          "This script can run Python code that '{0}' holds or names ({1}), with your rights. Run it only if you trust whoever made the file; ConvLens itself runs none of it.",
          path.basename(model),
          runs.slice(0, 5).join(", "),
        ),
      );
  };

/** `convlens.saveReport`: the page of `convlens report`, of the model and the pictures that the inspector holds. */
export const saveReport =
  (services: Services): Command =>
  async (arg) => {
    if (!workspace.isTrusted) throw notTrusted();
    const target = await targetOf(services, arg, t("Save Report"));
    if (!target) return;
    const intent = services.panels.currentIntent(target.model);
    const { images, checkpoint } = intent;
    const model = checkpoint ?? target.model;
    const name = path.basename(model);
    const file = await window.showSaveDialog({
      defaultUri: Uri.file(path.join(path.dirname(target.model), `${name}.report.html`)),
      filters: { HTML: ["html"] },
      title: t("Save the report of {0}", name),
    });
    if (!file) return;
    const page = await showProgress(t("ConvLens: report of {0}", name), (progress, signal) => {
      let before = 0;
      const version = String(
        (services.extension.extension.packageJSON as { version?: unknown }).version,
      );
      return services.compute.remote.report(
        { model, pictures: images, version, asked: reportQuestion(intent) },
        {
          signal,
          onProgress: ({ fraction = 0, message = "" }) => {
            progress.report({ message, increment: 100 * (fraction - before) });
            before = fraction;
          },
        },
      );
    });
    await workspace.fs.writeFile(file, Buffer.from(page));
    showReport(path.basename(file.fsPath), page);
    const answer = await showInformation(
      t("Saved {0}", file.fsPath),
      t("Open in Browser"),
      t("Reveal in Explorer"),
    );
    if (answer === t("Open in Browser")) await env.openExternal(file);
    else if (answer) await commands.executeCommand("revealFileInOS", file);
  };

/** A browser may be on another machine than the file: the page is shown here, too. */
function showReport(name: string, page: string): void {
  const panel = window.createWebviewPanel("convlens.report", name, ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
  });
  // the editor's colours are not the report's
  const paper = "<style>body { background: Canvas; color: CanvasText; }</style>";
  panel.webview.html = page.replace("<head>", `<head>${paper}`);
}
