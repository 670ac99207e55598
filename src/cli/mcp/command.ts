import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
} from "@modelcontextprotocol/sdk/types.js";
import { harmless } from "../../base/plain-text.ts";
import { TOOLS, useTool } from "../../assistant/index.ts";
import type { Command } from "../command.ts";
import { OpenModels } from "../../session/index.ts";
import { engineChoice } from "../model/engine.ts";
import { version } from "../version.ts";
import { rootsOf } from "./roots.ts";

/** Models that a conversation keeps open. */
const MOST_MODELS = 4;

/** The Model Context Protocol over standard input and output, until the other side closes. */
export const command: Command = {
  needsModel: false,
  speaksProtocol: true,
  async run(_file, call) {
    const models = new OpenModels({
      ...{ most: MOST_MODELS, engine: engineChoice(call.args), say: call.say },
    });
    // the tools have JSON schemas already, which the protocol's own layer takes as they are
    const { server } = new McpServer(
      { name: "convlens", version: await version() },
      { capabilities: { tools: {} } },
    );
    const roots = rootsOf(server, call.args.roots);
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: TOOLS.map(({ name, title, description, schema }) => ({
        ...{ name, title, description },
        inputSchema: { ...schema, required: [...schema.required] },
        annotations: { title, readOnlyHint: true, openWorldHint: false },
      })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
      try {
        const { name, arguments: args = {} } = params;
        const { text, png } = await useTool(models, name, args, await roots(), signal);
        return answered(text, png);
      } catch (error) {
        // the model reads the sentence, and can ask better
        const message = error instanceof Error ? error.message : String(error);
        return { content: [{ type: "text" as const, text: harmless(message) }], isError: true };
      }
    });
    const closed = new Promise<void>((resolve) => {
      server.onclose = resolve;
      process.stdin.once("end", resolve);
      call.signal.addEventListener("abort", () => {
        resolve();
      });
    });
    await server.connect(new StdioServerTransport());
    call.say("convlens speaks the Model Context Protocol on standard input and output.");
    await closed;
    await server.close();
    await models.releaseAll();
    return { engine: null, document: {}, text: "" };
  },
};

function answered(text: string, png: Uint8Array | null): CallToolResult {
  const picture = png && {
    type: "image" as const,
    data: Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64"),
    mimeType: "image/png",
  };
  return { content: [{ type: "text", text }, ...(picture ? [picture] : [])] };
}
