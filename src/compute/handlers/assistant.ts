import { useTool } from "../../assistant/index.ts";
import type { OpenModels } from "../../session/index.ts";
import type { Part } from "./timed.ts";

/** The tools of language models in VS Code. */
export const assistantHandlers = (models: OpenModels): Part<"useTool"> => ({
  useTool: ({ name, args, roots }, { signal }) => useTool(models, name, args, roots, signal),
});
