import "../../support/vscode-module.ts";
import assert from "node:assert/strict";
import { Uri, workspace } from "../../support/vscode.ts";

const { asked } = await import("../../support/vscode.ts");
const { ModelFiles } = await import("../../../src/host/views/files.ts");

describe("menus of models", () => {
  it("are told of the last search last, however long one before it takes", async () => {
    const listeners: (() => void)[] = [];
    const listening = (listener: () => void): void => void listeners.push(listener);
    const searches: ((files: string[]) => void)[] = [];
    const { createFileSystemWatcher, findFiles } = workspace;
    Object.assign(workspace, {
      createFileSystemWatcher: () => ({
        ...{ onDidCreate: listening, onDidDelete: listening, onDidChange: listening },
        dispose: () => undefined,
      }),
      // folders that are models have none; those of files are answered by hand
      findFiles: (pattern: string) =>
        pattern.includes("saved_model")
          ? Promise.resolve([])
          : new Promise((resolve) =>
              searches.push((files) => {
                resolve(files.map((file) => Uri.file(file)));
              }),
            ),
    });
    asked.commands.length = 0;
    const files = new ModelFiles();
    const told = (): unknown[] =>
      asked.commands
        .filter(([command, key]) => command === "setContext" && key === "convlens.checkpoints")
        .map(([, , value]) => value);
    const until = async (done: () => boolean): Promise<void> => {
      for (let i = 0; i < 200 && !done(); i++) await new Promise((r) => setTimeout(r, 10));
      assert.ok(done());
    };
    try {
      await until(() => searches.length === 1);
      listeners[0]?.(); // files came while the first search goes on
      await new Promise((resolve) => setTimeout(resolve, 700));
      const both = ["/run/epoch_00.h5", "/run/epoch_01.h5"];
      // where there is a second one already, it is the faster
      searches[1]?.(both);
      await new Promise((resolve) => setTimeout(resolve, 20));
      searches[0]?.(["/run/epoch_00.h5"]);
      await until(() => searches.length === 2);
      searches[1]?.(both);
      await until(() => told().length === 2);
      assert.deepEqual(told(), [[], both]);
    } finally {
      files.dispose();
      Object.assign(workspace, { createFileSystemWatcher, findFiles });
    }
  });
});
