import { MarkdownString, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from "vscode";
import type { EngineMonitor } from "./monitor.ts";
import { engineTooltip } from "./words.ts";

/** Which engine computes, always in sight; a click offers what can be done about it. */
export function engineStatusBar(engines: EngineMonitor): StatusBarItem {
  const item = window.createStatusBarItem("convlens.engine", StatusBarAlignment.Right, 50);
  item.name = "ConvLens Engine";
  item.command = "convlens.engineMenu";
  const update = (): void => {
    const { engine, report, failure } = engines;
    const fellBack =
      report?.engines.some(({ name, ready }) => name === "native" && !ready) ?? false;
    if (failure !== null) item.text = "$(error) ConvLens";
    else item.text = `$(eye) ${engine ? engine.version : "ConvLens"}`;
    item.backgroundColor =
      failure === null ? undefined : new ThemeColor("statusBarItem.errorBackground");
    item.tooltip = new MarkdownString(engineTooltip(engine, report, failure), true);
    item.accessibilityInformation = {
      role: "button",
      label: `ConvLens engine: ${failure ?? engine?.version ?? "not started"}${fellBack ? ", the native engine is not ready" : ""}`,
    };
  };
  engines.onChanged(update);
  update();
  item.show();
  return item;
}
