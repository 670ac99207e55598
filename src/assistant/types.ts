import type { OpenModels } from "../session/index.ts";

/** What tools work with. */
export type Desk = Pick<OpenModels, "pictures" | "model" | "runner" | "asked">;

/** JSON Schema of a tool's arguments, as far as these tools need it. */
export interface ArgumentsSchema {
  readonly type: "object";
  readonly properties: Readonly<
    Record<string, { readonly type: "string" | "integer"; readonly description: string }>
  >;
  readonly required: readonly string[];
}

/** What a tool answers. */
export interface Answer {
  readonly text: string;
  /** For assistants that can look. */
  readonly png: Uint8Array | null;
}

/** Something an assistant may ask. All of them only read. */
export interface Tool {
  /** `convlens_...`: the same for language models in VS Code and over MCP. */
  readonly name: string;
  readonly title: string;
  /** For the language model: what it answers, and when to ask it. */
  readonly description: string;
  readonly schema: ArgumentsSchema;
  /** Throws a ConvLensError, whose sentence the assistant is given. */
  run(desk: Desk, args: ToolArguments, signal: AbortSignal): Promise<Answer>;
}

/** Arguments after they were held against the schema. */
export type ToolArguments = Readonly<Record<string, string | number>>;
