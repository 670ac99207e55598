import { MarkdownString, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from "vscode";
import { t } from "../../shared/l10n.ts";
import type { EngineMonitor } from "./monitor.ts";
import { engineTooltip } from "./words.ts";

/** Which engine computes, always in sight; a click offers what can be done about it. */
export function engineStatusBar(engines: EngineMonitor): StatusBarItem {
  const item = window.createStatusBarItem("convlens.engine", StatusBarAlignment.Right, 50);
  item.name = t("ConvLens Engine");
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
      label: t(
        fellBack ? "ConvLens engine: {0}, the native engine is not ready" : "ConvLens engine: {0}",
        failure ?? engine?.version ?? t("not started"),
      ),
    };
  };
  engines.onChanged(update);
  update();
  item.show();
  return item;
}
