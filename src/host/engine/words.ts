import type { EngineInfo, EngineName, EngineReport, EngineStatus } from "../../shared/engines.ts";
import { markdownText } from "../../base/plain-text.ts";
import { t } from "../../shared/l10n.ts";

const ENGINE_LABELS: Readonly<Record<EngineName, string>> = {
  native: "Native TensorFlow",
  wasm: "WebAssembly",
};

/** In the person's language; reports, which travel, have the names above. */
export const engineLabel = (name: EngineName): string =>
  name === "native" ? t("Native TensorFlow") : ENGINE_LABELS.wasm;

const line = ({ name, ready, version, reason }: EngineStatus): string =>
  ready
    ? `$(pass) ${t("**{0}** is ready ({1})", engineLabel(name), version ?? t("version unknown"))}`
    : `$(circle-slash) ${t("**{0}** is not ready: {1}", engineLabel(name), markdownText(reason ?? t("no reason known"), 1000))}`;

/** Tooltip of the status bar item: what runs, and why the other engine does not. Markdown with `$(icons)`. */
export function engineTooltip(
  engine: EngineInfo | null,
  report: EngineReport | null,
  failure: string | null,
): string {
  if (failure !== null) return `$(error) ${markdownText(failure, 1000)}`;
  const running = engine
    ? t("ConvLens computes with **{0}** ({1}).", engineLabel(engine.name), engine.version)
    : t("ConvLens has not needed an engine yet.");
  return [running, ...(report?.engines ?? []).map(line)].join("\n\n");
}

/** What the doctor is told by the host, beside the compute process' own report. */
export interface HostFacts {
  readonly extension: string;
  readonly editor: string;
  readonly remote: string | null;
  readonly choice: string;
  readonly memoryBudgetMB: number;
  readonly trusted: boolean;
}

/** The doctor's report as a Markdown document. English, as it is made to be sent to others. */
export function doctorReport(
  facts: HostFacts,
  engine: EngineInfo | null,
  report: EngineReport,
): string {
  const engines = report.engines.flatMap((status) => [
    `## ${ENGINE_LABELS[status.name]} (\`${status.name}\`)`,
    "",
    `- ${status.ready ? "Ready" : "Not ready"}${status.version ? `: ${status.version}` : ""}`,
    ...(status.reason === null ? [] : [`- Why not: ${status.reason}`]),
    ...(status.location === null ? [] : [`- Where: \`${status.location}\``]),
    "",
  ]);
  return [
    "# ConvLens doctor",
    "",
    `- Runs now: ${engine ? `${ENGINE_LABELS[engine.name]}, ${engine.version}` : "nothing yet"}`,
    `- Setting \`convlens.engine\`: ${facts.choice} (auto takes ${report.auto} here)`,
    "",
    ...engines,
    "## Where it runs",
    "",
    `- ConvLens ${facts.extension} in ${facts.editor}${facts.remote === null ? "" : ` (remote: ${facts.remote})`}`,
    `- Compute process: Node ${report.node} on ${report.platform}, memory budget ${facts.memoryBudgetMB} MB`,
    `- Workspace: ${facts.trusted ? "trusted" : "not trusted, so nothing is computed: only layers and filters are shown"}`,
    "",
  ].join("\n");
}
