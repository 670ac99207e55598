import path from "node:path";
import {
  EventEmitter,
  lm,
  McpStdioServerDefinition,
  Uri,
  workspace,
  type ExtensionContext,
} from "vscode";
import { workspaceFolders } from "../workspace-folders.ts";

/**
 * Offers the command line's `convlens mcp` to whatever speaks the protocol in VS Code, run by VS Code's own Node: in a trusted workspace only,
 * for its folders, and started in a folder of ours.
 */
export function registerMcp({
  extensionUri,
  extension,
}: ExtensionContext): { dispose(): unknown }[] {
  const cli = Uri.joinPath(extensionUri, "dist", "cli.js").fsPath;
  const { version } = extension.packageJSON as { version: string };
  const changed = new EventEmitter<void>();
  const definition = (): McpStdioServerDefinition => {
    const roots = workspaceFolders().flatMap((folder) => ["--root", folder]);
    const args = [cli, "mcp", ...roots];
    const env = { ELECTRON_RUN_AS_NODE: "1" };
    const server = new McpStdioServerDefinition("ConvLens", process.execPath, args, env, version);
    server.cwd = Uri.file(path.dirname(cli));
    return server;
  };
  const provider = lm.registerMcpServerDefinitionProvider("convlens.mcp", {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => (workspace.isTrusted ? [definition()] : []),
  });
  return [
    provider,
    changed,
    workspace.onDidGrantWorkspaceTrust(() => {
      changed.fire();
    }),
    workspace.onDidChangeWorkspaceFolders(() => {
      changed.fire();
    }),
  ];
}
