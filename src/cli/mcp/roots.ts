import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { RootsListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { usageError } from "../../base/errors.ts";

type Server = McpServer["server"];

/**
 * The folders that a conversation may read: those that were given, else the ones of a client that has some to tell of, else the current
 * folder. A client's are asked for again when it says that they changed. Throws a ConvLensError of kind `usage` for what is no folder.
 */
export function rootsOf(
  server: Server,
  given: readonly string[],
): () => Promise<readonly string[]> {
  for (const root of given)
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw usageError(`--root ${root} is no folder.`);
  let told: Promise<readonly string[]> | null = null;
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    told = null;
  });
  return () => {
    if (given.length > 0) return Promise.resolve(given);
    if (!server.getClientCapabilities()?.roots) return Promise.resolve([process.cwd()]);
    told ??= asked(server);
    return told;
  };
}

/** A client that does not answer opens nothing. */
const asked = (server: Server): Promise<readonly string[]> =>
  server.listRoots().then(
    ({ roots }) => roots.flatMap(({ uri }) => (uri.startsWith("file:") ? localPath(uri) : [])),
    () => [],
  );

function localPath(uri: string): string[] {
  try {
    return [fileURLToPath(uri)];
  } catch {
    return []; // of another machine
  }
}
