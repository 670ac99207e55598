import { workspace } from "vscode";
import { reallyAmong } from "../files/real-place.ts";

/** Paths of the workspace's folders on this machine's disk. */
export const workspaceFolders = (): string[] =>
  (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);

/** Whether a file really lies in a folder of the workspace: links are followed. */
export const isOfWorkspace = (file: string): Promise<boolean> =>
  reallyAmong(file, workspaceFolders());
