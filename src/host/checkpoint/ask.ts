/** What a person is asked before their program runs: which class or function, with what, on which input. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { window, workspace } from "vscode";
import type { Library } from "../../shared/contract/code.ts";
import type { ExportChoice, ExportChoices } from "../../shared/contract/export.ts";
import {
  argumentsIn,
  isEntry,
  isShape,
  USUAL_LIMIT,
  type ExportRequest,
} from "../../shared/export-request.ts";
import { t } from "../../shared/l10n.ts";
import type { Choice } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";

/** None of those that are offered. */
const OTHER = Symbol("other");

/** All but the interpreter. */
export type Program = Omit<ExportRequest, "python">;
type Named = Pick<ExportRequest, "script" | "entry"> & { readonly choice: ExportChoice | null };

/** Null when dismissed. */
export async function askProgram(
  model: string,
  { choices, input, library }: ExportChoices,
): Promise<Program | null> {
  const own = choices.filter(({ entry }) => entry.library === library);
  const named = await askEntry(model, own);
  if (named === null) return null;
  const given = await askArguments(named);
  if (given === null) return null;
  const shape = await askShape(input, library);
  if (shape === null) return null;
  const { script, entry } = named;
  return {
    ...{ script, entry, given, library, defaults: named.choice?.settings ?? [] },
    ...{ inputs: shape === "" ? [] : [shape], limitSeconds: USUAL_LIMIT },
  };
}

const title = (): string => t("Run This Checkpoint");
const ICONS = { class: "symbol-class", function: "symbol-method", variable: "symbol-variable" };

async function askEntry(model: string, choices: readonly ExportChoice[]): Promise<Named | null> {
  const rows = choices.map((choice): Choice<ExportChoice> => ({
    icon: ICONS[choice.entry.kind],
    label: `${path.basename(choice.script)}:${choice.entry.name}`,
    description:
      choice.layers > 0 ? t("{0} of {1} layers are in the file", choice.found, choice.layers) : "",
    detail: workspace.asRelativePath(choice.script),
    value: choice,
  }));
  const other: Choice<typeof OTHER> = {
    icon: "edit",
    label: t("Another class or function…"),
    value: OTHER,
  };
  const question = t("What makes the network of {0}?", path.basename(model));
  const choice = await pick<ExportChoice | typeof OTHER>(title(), question, [...rows, other]);
  if (choice === null) return null;
  if (choice === OTHER) return typeEntry(model);
  return { script: choice.script, entry: choice.entry.name, choice };
}

/** `model.py:Net`, the path from the model's folder or a folder of the workspace. */
async function typeEntry(model: string): Promise<Named | null> {
  const folders = [
    path.dirname(model),
    ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  ];
  const read = async (text: string): Promise<Named | null> => {
    const colon = text.lastIndexOf(":");
    const [file, entry] = [text.slice(0, colon), text.slice(colon + 1)];
    if (colon < 1 || !isEntry(entry)) return null;
    for (const folder of folders) {
      const script = path.resolve(folder, file);
      const facts = await stat(script).catch(() => null);
      if (facts?.isFile()) return { script, entry, choice: null };
    }
    return null;
  };
  const text = await window.showInputBox({
    title: `ConvLens: ${title()}`,
    prompt: t("Script and class or function, such as model.py:Net"),
    validateInput: async (typed) =>
      (await read(typed)) ? null : t("There is no such script, or no name behind the colon."),
  });
  return text === undefined ? null : read(text);
}

async function askArguments({ entry, choice }: Named): Promise<readonly string[] | null> {
  // nothing can be given
  if (choice && (choice.entry.kind === "variable" || choice.entry.parameters.length === 0))
    return [];
  const text = await window.showInputBox({
    title: `ConvLens: ${title()}`,
    prompt: t("Arguments of {0}, as in a call: classes=10, width=32", entry),
    value: choice?.given.join(", ") ?? "",
    validateInput: (typed) => {
      const all = argumentsIn(typed);
      if (all === null) return t("Name each argument: name=value.");
      const empty = all.find((one) => one.endsWith("="));
      return empty === undefined ? null : t("{0} needs a value.", empty.slice(0, -1));
    },
  });
  return text === undefined ? null : argumentsIn(text);
}

async function askShape(value: string, library: Library): Promise<string | null> {
  const text = await window.showInputBox({
    title: `ConvLens: ${title()}`,
    prompt:
      library === "torch"
        ? t("Shape of the input: pictures x colours x rows x columns")
        : t("Shape of the input: pictures x rows x columns x colours"),
    ...(value === "" && { placeHolder: t("Left empty: usual sizes are tried") }),
    value,
    validateInput: (typed) =>
      isShape(typed.trim()) || (typed.trim() === "" && value === "")
        ? null
        : t("Such as {0}.", library === "torch" ? "1x3x224x224" : "1x224x224x3"),
  });
  return text?.trim() ?? null;
}

/** Asks for one of the interpreters, or any other; null when dismissed. */
export async function askPython(pythons: readonly string[]): Promise<string | null> {
  const picked = await pick<string | typeof OTHER>(title(), t("Which Python?"), [
    ...pythons.map((python) => ({ icon: "terminal", label: python, value: python })),
    { icon: "folder-opened", label: t("Browse…"), value: OTHER },
  ]);
  if (picked !== OTHER) return picked;
  const browsed = await window.showOpenDialog({ title: t("Which Python?") });
  return browsed?.[0]?.fsPath ?? null;
}
