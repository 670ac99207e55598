import {
  NotebookCellData,
  NotebookCellOutput,
  NotebookCellOutputItem,
  NotebookEdit,
  NotebookRange,
  window,
  workspace,
  WorkspaceEdit,
  type NotebookCell,
  type TextDocument,
} from "vscode";
import { inputError } from "../../base/errors.ts";
import { markdownText } from "../../base/plain-text.ts";
import { t } from "../../shared/l10n.ts";

/** Scheme of the URIs that VS Code gives the texts of a notebook's cells. */
export const CELL_SCHEME = "vscode-notebook-cell";

/** Of a caption. */
const MOST_WORDS = 400;

/** A picture for a cell's output, with the same in words: for screen readers, and where pictures are not shown. */
export interface CellPicture {
  readonly png: Uint8Array;
  readonly text: string;
  /** What it shows; a second picture of the same takes the place of the first. */
  readonly of: string;
}

/** The cell that `document` is the text of; null when it is none. */
export function cellOf(document: TextDocument): NotebookCell | null {
  if (document.uri.scheme !== CELL_SCHEME) return null;
  const cells = workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  return cells.find((cell) => cell.document === document) ?? null;
}

/**
 * Puts `picture` below the cell, after what running it has left there. Outputs can be changed only with their cell, so the cell is
 * replaced by its like. Throws a ConvLensError of kind `input` where the notebook cannot be changed.
 */
export async function insertPicture(cell: NotebookCell, picture: CellPicture): Promise<void> {
  const { notebook, index } = cell;
  const data = new NotebookCellData(cell.kind, cell.document.getText(), cell.document.languageId);
  data.metadata = cell.metadata;
  if (cell.executionSummary) data.executionSummary = cell.executionSummary;
  // copies: an output of the same identity would be taken away with the cell that is replaced
  const kept = cell.outputs
    .filter((output) => ownOf(output) !== picture.of)
    .map(({ items, metadata }) => new NotebookCellOutput(items, metadata));
  data.outputs = [...kept, made(picture), caption(picture, kept.filter(ownOf).length / 2 + 1)];
  const range = new NotebookRange(index, index + 1);
  const edit = new WorkspaceEdit();
  edit.set(notebook.uri, [NotebookEdit.replaceCells(range, [data])]);
  if (!(await workspace.applyEdit(edit)))
    throw inputError(t("The notebook cannot be changed; is it read-only?"));
  const editor = window.visibleNotebookEditors.find((one) => one.notebook === notebook);
  if (editor) {
    editor.selections = [range];
    editor.revealRange(range);
  }
}

/** As Jupyter's own format has it: the metadata is kept in the file, and other programs show the picture. */
function made({ png, text, of }: CellPicture): NotebookCellOutput {
  const items = [
    new NotebookCellOutputItem(png, "image/png"),
    NotebookCellOutputItem.text(text, "text/plain"),
  ];
  return new NotebookCellOutput(items, {
    outputType: "display_data",
    metadata: { convlens: of },
  });
}

/** Where pictures are shown, what is said of them in words is not: it stands below, by the number of the picture in its cell. */
function caption({ text, of }: CellPicture, number: number): NotebookCellOutput {
  const words = text.replace(/\n+/g, ". ");
  const said = t("Picture {0}: {1}", number, markdownText(words, MOST_WORDS));
  const item = NotebookCellOutputItem.text(said, "text/markdown");
  return new NotebookCellOutput([item], {
    outputType: "display_data",
    metadata: { convlens: of },
  });
}

function ownOf({ metadata }: NotebookCellOutput): unknown {
  return (metadata?.["metadata"] as Record<string, unknown> | undefined)?.["convlens"];
}
