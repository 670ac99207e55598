import { env } from "vscode";
import type { EngineInfo, EngineReport, EngineStatus } from "../../shared/engines.ts";
import { t } from "../../shared/l10n.ts";
import type { CommandId } from "../commands/ids.ts";
import { escape } from "../panels/html.ts";
import { engineLabel, type HostFacts } from "./words.ts";

/** What the page's buttons run; nothing else can be run from it. */
export const OFFERED = [
  "convlens.installNative",
  "convlens.selectEngine",
  "convlens.restart",
  "convlens.showLog",
  "convlens.copyDoctor",
] as const satisfies readonly CommandId[];

const button = (id: (typeof OFFERED)[number], text: string): string =>
  `<a class="button" role="button" href="command:${id}">${escape(text)}</a>`;

const row = (name: string, value: string): string =>
  `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`;

function engineCard({ name, ready, version, reason, location }: EngineStatus): string {
  const state = ready ? t("ready") : t("not ready");
  return `<section class="${ready ? "ready" : "missing"}">
    <h2>${escape(engineLabel(name))} <span>${escape(state)}</span></h2>
    <dl>
      ${version === null ? "" : row(t("Version"), version)}
      ${reason === null ? "" : row(t("Why not"), reason)}
      ${location === null ? "" : row(t("Where"), location)}
    </dl>
    ${name === "native" && !ready ? button("convlens.installNative", t("Get the native engine…")) : ""}
  </section>`;
}

/** The doctor's page: what is ready here and why, and what can be done about it. */
export function doctorHtml(
  facts: HostFacts,
  engine: EngineInfo | null,
  { engines, auto, node, platform }: EngineReport,
): string {
  const runs = engine ? `${engineLabel(engine.name)}, ${engine.version}` : t("nothing yet");
  const trusted = facts.trusted
    ? t("trusted")
    : t("not trusted: only layers and filters are shown, nothing is computed");
  return `<!DOCTYPE html>
<html lang="${escape(env.language)}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
    <title>ConvLens Doctor</title>
    <style>
      body { background: var(--vscode-editor-background); color: var(--vscode-foreground); font-size: 13px; }
      main { max-width: 760px; margin: 0 auto; padding: 18px; }
      h1 { font-size: 20px; font-weight: 400; }
      h2 { margin: 0 0 8px; font-size: 14px; }
      h2 span { font-weight: 400; }
      section { margin: 12px 0; padding: 12px 16px; border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, #8888)); border-left: 4px solid var(--vscode-charts-blue, #59a4f9); border-radius: 4px; }
      section.ready { border-left-color: var(--vscode-charts-green, #89d185); }
      section.missing { border-left-color: var(--vscode-charts-yellow, #cca700); }
      dl { display: grid; grid-template-columns: minmax(120px, max-content) minmax(0, 1fr); gap: 4px 16px; margin: 0 0 8px; }
      dt { color: var(--vscode-descriptionForeground); }
      dd { margin: 0; overflow-wrap: anywhere; }
      .button { display: inline-block; margin: 0 6px 6px 0; padding: 4px 12px; color: var(--vscode-button-foreground); background: var(--vscode-button-background); border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; text-decoration: none; }
      .button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
    </style>
  </head>
  <body>
    <main>
      <h1>${escape(t("What is ready here, and why"))}</h1>
      <dl>
        ${row(t("Runs now"), runs)}
        ${row(t("Setting convlens.engine"), t("{0} (auto takes {1} here)", facts.choice, engineLabel(auto)))}
      </dl>
      ${engines.map(engineCard).join("\n")}
      <section>
        <h2>${escape(t("Where it runs"))}</h2>
        <dl>
          ${row("ConvLens", `${facts.extension}, ${facts.editor}${facts.remote === null ? "" : ` (${facts.remote})`}`)}
          ${row(t("Compute process"), t("Node {0} on {1}, memory budget {2} MB", node, platform, facts.memoryBudgetMB))}
          ${row(t("Workspace"), trusted)}
        </dl>
      </section>
      <p>
        ${button("convlens.selectEngine", t("Select engine…"))}
        ${button("convlens.restart", t("Restart the compute process"))}
        ${button("convlens.showLog", t("Show log"))}
        ${button("convlens.copyDoctor", t("Copy as text"))}
      </p>
    </main>
  </body>
</html>`;
}
