import { commands, type Disposable } from "vscode";
import { ConvLensError, messageOf } from "../../base/errors.ts";
import { RemoteError } from "../../rpc/index.ts";
import { heard, t } from "../../shared/l10n.ts";
import { showError } from "../notices.ts";
import type { DoctorPanel } from "../engine/doctor-panel.ts";
import type { Services } from "../services.ts";
import type { ModelTree } from "../views/tree.ts";
import { runCheckpoint } from "./checkpoint.ts";
import { compare, compareSelected } from "./compare.ts";
import { goToCode, lineLayers, linkScript } from "./code.ts";
import { copyPythonHelper, inspectVariable } from "./live.ts";
import { copyDoctor, doctor, engineMenu, installNative, selectEngine } from "./engine.ts";
import { explain } from "./explain.ts";
import { insertCellPicture } from "./notebook.ts";
import { saveReport, showCode } from "./export.ts";
import { followTraining } from "./training.ts";
import type { Command, CommandId } from "./ids.ts";
import { attack, attribute, census, lesson, maximize } from "./experiments.ts";
import {
  activations,
  cam,
  filters,
  howFilterWorks,
  inspect,
  openLayer,
  openWithPicture,
} from "./lenses.ts";

const WALKTHROUGH = "convlens.convlens#start";

/** Every command in one table, exhaustive by type. */
const table = (
  services: Services,
  doctorPanel: DoctorPanel,
  tree: ModelTree,
): Readonly<Record<CommandId, Command>> => ({
  "convlens.inspect": inspect(services),
  "convlens.filters": filters(services),
  "convlens.activations": activations(services),
  "convlens.cam": cam(services),
  "convlens.howFilterWorks": howFilterWorks(services),
  "convlens.maximize": maximize(services),
  "convlens.attack": attack(services),
  "convlens.attribute": attribute(services),
  "convlens.explain": explain(services),
  "convlens.census": census(services),
  "convlens.lesson": lesson(services),
  "convlens.openWithPicture": openWithPicture(services),
  "convlens.followTraining": followTraining(services),
  "convlens.runCheckpoint": runCheckpoint(services),
  "convlens.inspectVariable": inspectVariable(services),
  "convlens.copyPythonHelper": copyPythonHelper(services),
  "convlens.compare": compare(services),
  "convlens.compareSelected": compareSelected(services),
  "convlens.saveReport": saveReport(services),
  "convlens.showCode": showCode(services),
  "convlens.linkScript": linkScript(services),
  "convlens.goToCode": goToCode(services),
  "convlens.insertPicture": insertCellPicture(services),
  "convlens.lineLayers": lineLayers(services),
  "convlens.selectEngine": selectEngine(services),
  "convlens.installNative": installNative(services),
  "convlens.doctor": doctor(services, doctorPanel),
  "convlens.copyDoctor": copyDoctor(services),
  "convlens.restart": () => {
    services.compute.supervisor.restart("It was restarted.");
    services.engines.warm();
  },
  "convlens.showLog": () => services.log.show(),
  "convlens.openWalkthrough": async () => {
    await commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false);
  },
  "convlens.refreshModels": () => tree.refresh(),
  "convlens.openLayer": openLayer(services),
  "convlens.engineMenu": engineMenu(),
});

/** Registers the table; `begins` is told of each that is run. What a command throws becomes one sentence for the person, and a line in the log. */
export function registerCommands(
  services: Services,
  doctorPanel: DoctorPanel,
  tree: ModelTree,
  begins: () => void,
): Disposable[] {
  const report = async (id: string, error: unknown): Promise<void> => {
    const kind = error instanceof RemoteError || error instanceof ConvLensError ? error.kind : null;
    if (kind === "cancelled") return;
    const message = messageOf(error);
    services.log.error(`${id}: ${message}`);
    const answer = await showError(heard(message), t("Show Log"));
    if (answer) services.log.show();
  };
  return Object.entries(table(services, doctorPanel, tree)).map(([id, command]) =>
    commands.registerCommand(id, async (...args: unknown[]) => {
      begins();
      try {
        await command(...args);
      } catch (error) {
        void report(id, error);
      }
    }),
  );
}
