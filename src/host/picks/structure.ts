import { QuickPickItemKind } from "vscode";
import type { StructureChoices } from "../../shared/contract/model.ts";
import { t } from "../../shared/l10n.ts";
import { pickStructureFile } from "../panels/files.ts";
import type { Choice } from "./items.ts";
import { pick } from "./pick.ts";

/** A file is asked for. */
const FILE = Symbol("file");

/**
 * Asks for the network of a file of weights: those that it fits come first, then a file is offered, then all that ConvLens knows. A name, or
 * the path of a file; null when dismissed. The dialog for files starts in `folder`.
 */
export async function pickStructure(
  { fitting, known }: StructureChoices,
  folder: string,
): Promise<string | null> {
  const named = (name: string, description = ""): Choice<string | typeof FILE> => ({
    ...{ label: name, description, value: name },
  });
  const heading = (label: string): Choice<typeof FILE> => ({
    ...{ label, kind: QuickPickItemKind.Separator, value: FILE },
  });
  const picked = await pick(t("Choose Structure"), t("The network that these weights belong to"), [
    ...(fitting.length > 0 ? [heading(t("These weights fit"))] : []),
    ...fitting.map((name, i) => named(name, i === 0 ? t("taken now") : "")),
    heading(t("Another network")),
    { icon: "folder-opened", label: t("A .pt2 or ONNX file…"), value: FILE },
    ...known.map((name) => named(name)),
  ]);
  return picked === FILE ? pickStructureFile(folder) : picked;
}
