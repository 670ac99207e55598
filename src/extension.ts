import { env, l10n, window, workspace, type ExtensionContext } from "vscode";
import type { ConvLensApi } from "./host/api.ts";
import { registerMcp } from "./host/assistant/mcp.ts";
import { registerTools } from "./host/assistant/tools.ts";
import { codeLines } from "./host/code/go-to-code.ts";
import { ScriptLinks } from "./host/code/links.ts";
import { registerCode } from "./host/code/register.ts";
import { registerCommands } from "./host/commands/index.ts";
import { computeClient, followSettings } from "./host/compute/start.ts";
import { EngineMonitor } from "./host/engine/monitor.ts";
import { DoctorPanel } from "./host/engine/doctor-panel.ts";
import { engineStatusBar } from "./host/engine/status-bar.ts";
import { plainLog } from "./host/notices.ts";
import { ChosenPictures } from "./host/panels/chosen-pictures.ts";
import { InspectorPanels } from "./host/panels/panels.ts";
import { registerPanels } from "./host/panels/register.ts";
import { pickModel } from "./host/picks/model.ts";
import type { Core } from "./host/core.ts";
import type { Services } from "./host/services.ts";
import { WorkspaceStore } from "./host/store.ts";
import { ModelFiles } from "./host/views/files.ts";
import { ModelTree } from "./host/views/tree.ts";
import { FirstStart } from "./host/welcome.ts";
import { speak } from "./shared/l10n.ts";

/** Only wiring: everything is made here, and nothing is started before it is needed. */
export function activate(extension: ExtensionContext): ConvLensApi {
  speak(l10n.bundle, env.language);
  const channel = window.createOutputChannel("ConvLens", { log: true });
  const log = plainLog(channel);
  const compute = computeClient(extension.extensionUri, log);
  const engines = new EngineMonitor(compute);
  const store = new WorkspaceStore(extension.workspaceState);
  const pictures = new ChosenPictures(store.pictures());
  const core: Core = { extension, log, compute, engines, store, pictures };

  const files = new ModelFiles();
  const links = new ScriptLinks(core, files);
  const panels = new InspectorPanels(
    core,
    (title) => pickModel({ files, store }, title),
    (model) => codeLines(links, model),
  );
  const services: Services = { ...core, panels, files, links };
  const tree = new ModelTree(core, files);
  const doctorPanel = new DoctorPanel();

  const firstStart = new FirstStart(extension.globalState);

  extension.subscriptions.push(
    channel,
    files,
    engineStatusBar(engines),
    followSettings(compute, () => {
      engines.settingsChanged();
    }),
    window.registerTreeDataProvider("convlens.models", tree),
    doctorPanel,
    workspace.onDidGrantWorkspaceTrust(() => {
      panels.reload();
    }),
    ...registerPanels(panels),
    ...registerCode(core, links, panels),
    ...registerTools(core, panels),
    ...registerMcp(extension),
    ...registerCommands(services, doctorPanel, tree, firstStart.begins),
    engines,
    compute, // last: what is disposed before may still cancel its calls
  );
  void firstStart.welcome();
  return { compute, engines, panels };
}
