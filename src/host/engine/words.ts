import type { EngineInfo, EngineName, EngineReport, EngineStatus } from "../../shared/engines.ts";

export const ENGINE_LABELS: Readonly<Record<EngineName, string>> = {
  native: "Native TensorFlow",
  wasm: "WebAssembly",
};

const line = (status: EngineStatus): string =>
  status.ready
    ? `$(pass) **${ENGINE_LABELS[status.name]}** is ready (${status.version ?? "version unknown"})`
    : `$(circle-slash) **${ENGINE_LABELS[status.name]}** is not ready: ${status.reason ?? "no reason known"}`;

/** Tooltip of the status bar item: what runs, and why the other engine does not. Markdown with `$(icons)`. */
export function engineTooltip(
  engine: EngineInfo | null,
  report: EngineReport | null,
  failure: string | null,
): string {
  if (failure !== null) return `$(error) ${failure}`;
  const running = engine
    ? `ConvLens computes with **${ENGINE_LABELS[engine.name]}** (${engine.version}).`
    : "ConvLens has not needed an engine yet.";
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

/** The doctor's report as a Markdown document. */
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
