import { commands, workspace, type Memento } from "vscode";
import type { CommandId } from "./commands/ids.ts";

const WELCOMED = "welcomed";
/** VS Code's own setting, which is about extensions that it installs itself. */
const OPENS = "workbench.welcomePage.walkthroughs.openOnInstall";

/** Opens the walkthrough at the first start on a machine, and never again; not where a person wants no walkthrough to open by itself. */
export async function welcome(state: Memento): Promise<void> {
  if (state.get(WELCOMED) === true) return;
  await state.update(WELCOMED, true);
  const opens = workspace.getConfiguration().get<unknown>(OPENS);
  if (opens !== false)
    await commands.executeCommand("convlens.openWalkthrough" satisfies CommandId);
}
