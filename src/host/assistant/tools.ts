import path from "node:path";
import {
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  workspace,
  type CancellationToken,
  type Disposable,
  type LanguageModelTool,
} from "vscode";
import { t } from "../../shared/l10n.ts";
import { fileOf, whereOf } from "../../shared/where.ts";
import type { Core } from "../core.ts";
import type { InspectorPanels } from "../panels/panels.ts";
import { workspaceFolders } from "../workspace-folders.ts";
import { placeIn, type Root } from "./places.ts";
import { TOOL_MESSAGES } from "./messages.ts";

type ToolName = keyof typeof TOOL_MESSAGES;
type Input = Readonly<Record<string, unknown>>;

/** Offers ConvLens to language models in VS Code: the compute process answers, as it does for panels. */
export function registerTools(core: Core, panels: InspectorPanels): Disposable[] {
  /** The workspace, and what a person opened or chose elsewhere. */
  const roots = (): string[] => [
    ...workspaceFolders(),
    ...panels.all().map(({ model }) => model),
    ...core.pictures.all,
  ];
  return (Object.keys(TOOL_MESSAGES) as ToolName[]).map((name) =>
    lm.registerTool(name, new ComputeTool(core, name, roots)),
  );
}

class ComputeTool implements LanguageModelTool<Input> {
  constructor(
    private readonly core: Core,
    private readonly name: ToolName,
    private readonly roots: () => readonly string[],
  ) {}

  prepareInvocation({ input }: { readonly input: Input }): {
    invocationMessage: string;
    confirmationMessages: { title: string; message: string };
  } {
    const model = typeof input["model"] === "string" ? path.basename(input["model"]) : t("a model");
    const doing = TOOL_MESSAGES[this.name](model);
    return {
      invocationMessage: doing,
      confirmationMessages: {
        title: "ConvLens",
        message: t("{0}? Files are only read, on this machine.", doing),
      },
    };
  }

  async invoke(
    { input }: { readonly input: Input },
    token: CancellationToken,
  ): Promise<LanguageModelToolResult> {
    if (!workspace.isTrusted && this.name !== "convlens_inspect")
      throw new Error(t("This workspace is not trusted, so ConvLens computes nothing in it."));
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    try {
      const args = { ...input, ...absolute(input) };
      const call = { name: this.name, args, roots: this.roots() };
      const { signal } = controller;
      const { text } = await this.core.compute.remote.useTool(call, { signal });
      return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
    } finally {
      listening.dispose();
    }
  }
}

/** Language models name files as the workspace does. */
function absolute(input: Input): Record<string, string> {
  const roots = (workspace.workspaceFolders ?? []).map(({ name, uri }) => ({
    name,
    path: uri.fsPath,
  }));
  const places = ["model", "image", "images"].flatMap((key): [string, string][] => {
    const value = input[key];
    if (typeof value !== "string" || value === "" || path.isAbsolute(value)) return [];
    return [[key, placeIn(roots, value)]];
  });
  return { ...Object.fromEntries(places), ...absoluteTarget(input["target"], roots) };
}

/** The picture of a region, or of what an embedding is compared with. */
function absoluteTarget(target: unknown, roots: readonly Root[]): Record<string, string> {
  const file = typeof target === "string" ? fileOf(whereOf(target)) : null;
  if (typeof target !== "string" || file === null || path.isAbsolute(file)) return {};
  return { target: target.replace(file, () => placeIn(roots, file)) };
}
