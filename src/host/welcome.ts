import { setTimeout as pause } from "node:timers/promises";
import {
  commands,
  TabInputCustom,
  TabInputWebview,
  type Memento,
  type Tab,
  window,
  workspace,
} from "vscode";
import type { CommandId } from "./commands/ids.ts";

const WELCOMED = "welcomed";
/** VS Code's own setting, which is about extensions that it installs itself. */
const OPENS = "workbench.welcomePage.walkthroughs.openOnInstall";
/** How long a person is given to begin without us, ms; by then the settings of a browser's workbench are there, too. */
const PATIENCE_MS = 1500;

/** What somebody sees who has never used ConvLens on this machine. */
export class FirstStart {
  private begun = false;
  constructor(private readonly state: Memento) {}

  /** Somebody has asked for something by themselves. */
  readonly begins = (): void => {
    this.begun = true;
  };

  /** Opens the walkthrough, once for all; in front of nothing that was asked for, and not where a person wants none to open by itself. */
  async welcome(patience = PATIENCE_MS): Promise<void> {
    if (this.state.get(WELCOMED) === true) return;
    await this.state.update(WELCOMED, true);
    await pause(patience);
    const opens = workspace.getConfiguration().get<unknown>(OPENS);
    if (opens === false || this.begun || window.tabGroups.all.some(({ tabs }) => tabs.some(isOurs)))
      return;
    await commands.executeCommand("convlens.openWalkthrough" satisfies CommandId);
  }
}

/** VS Code puts something of its own before the type of a webview. */
const isOurs = ({ input }: Tab): boolean =>
  (input instanceof TabInputCustom || input instanceof TabInputWebview) &&
  input.viewType.includes("convlens.");
