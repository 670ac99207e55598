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
/** VS Code's own settings: of walkthroughs of what it installs itself, which a remote window is not told, and of pages at the start. */
const OPENS = "workbench.welcomePage.walkthroughs.openOnInstall";
const AT_START = "workbench.startupEditor";
/** How long a person is given to begin without us, ms. */
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
    const settings = workspace.getConfiguration();
    const unwanted = settings.get(OPENS) === false || settings.get(AT_START) === "none";
    if (unwanted || this.begun || window.tabGroups.all.some(({ tabs }) => tabs.some(isOurs)))
      return;
    await commands.executeCommand("convlens.openWalkthrough" satisfies CommandId);
  }
}

/** VS Code puts something of its own before the type of a webview. */
const isOurs = ({ input }: Tab): boolean =>
  (input instanceof TabInputCustom || input instanceof TabInputWebview) &&
  input.viewType.includes("convlens.");
