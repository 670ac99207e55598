import { QuickPickItemKind, window, type QuickPickItem } from "vscode";
import type { StructureChoices } from "../../shared/contract/model.ts";
import { t } from "../../shared/l10n.ts";
import { pickStructureFile } from "../panels/files.ts";

interface Row extends QuickPickItem {
  /** Left out: a file is asked for. */
  readonly name?: string;
}

/**
 * Asks for the network of a file of weights: those that it fits come first, then a file is offered, then all that ConvLens knows. A name, or
 * the path of a file; null when dismissed. The dialog for files starts in `folder`.
 */
export async function pickStructure(
  { fitting, known }: StructureChoices,
  folder: string,
): Promise<string | null> {
  const row = (name: string, description = ""): Row => ({ label: name, description, name });
  const heading = (label: string): Row => ({ label, kind: QuickPickItemKind.Separator });
  const rows = [
    ...(fitting.length > 0 ? [heading(t("These weights fit"))] : []),
    ...fitting.map((name, i) => row(name, i === 0 ? t("taken now") : "")),
    heading(t("Another network")),
    { label: `$(folder-opened) ${t("A .pt2 or ONNX file…")}` },
    ...known.map((name) => row(name)),
  ];
  const picked = await window.showQuickPick<Row>(rows, {
    title: `ConvLens: ${t("Choose Structure")}`,
    placeHolder: t("The network that these weights belong to"),
  });
  if (!picked) return null;
  return picked.name ?? pickStructureFile(folder);
}
