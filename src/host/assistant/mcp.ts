import { lm, McpStdioServerDefinition, Uri, type Disposable, type ExtensionContext } from "vscode";

/** Offers the command line's `convlens mcp` to whatever speaks the protocol in VS Code, run by VS Code's own Node. */
export function registerMcp({ extensionUri, extension }: ExtensionContext): Disposable {
  const cli = Uri.joinPath(extensionUri, "dist", "cli.js").fsPath;
  const { version } = extension.packageJSON as { version: string };
  return lm.registerMcpServerDefinitionProvider("convlens.mcp", {
    provideMcpServerDefinitions: () => [
      new McpStdioServerDefinition(
        "ConvLens",
        process.execPath,
        [cli, "mcp"],
        { ELECTRON_RUN_AS_NODE: "1" },
        version,
      ),
    ],
  });
}
