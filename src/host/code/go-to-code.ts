import path from "node:path";
import { NotebookRange, Range, ViewColumn, window, workspace, type TextDocument } from "vscode";
import type { CodeLine } from "../../shared/contract/code.ts";
import { isSameTraining } from "../../shared/series.ts";
import type { ScriptLinks } from "./links.ts";
import { cellOf } from "./notebooks.ts";

const SCRIPTS = "**/*.py";
const NOTEBOOKS = "**/*.ipynb";
const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv,__pycache__}/**";
const MOST_SCRIPTS = 300;
const MOST_NOTEBOOKS = 100;

/** A line of a script, or of a notebook's cell, that makes a layer. */
export interface CodePlace {
  readonly document: TextDocument;
  /** From 0. */
  readonly line: number;
}

/** The line of a script or notebook of the workspace that makes `layer` of `model`; null when no script does. Open scripts come first. */
export async function codeOf(
  links: ScriptLinks,
  model: string,
  layer: string,
): Promise<CodePlace | null> {
  const seen = new Set<string>();
  const look = async (document: TextDocument): Promise<CodePlace | null> => {
    if (seen.has(document.uri.toString())) return null;
    seen.add(document.uri.toString());
    const linked = (await links.of(document).catch(() => null))?.linked;
    if (!linked || !isSameTraining(linked.model, model)) return null;
    const link = linked.links.links.find((one) => one.layer === layer);
    const line = link ? link.script.line - linked.source.firstLine : -1;
    return line >= 0 && line < document.lineCount ? { document, line } : null;
  };
  for (const document of workspace.textDocuments) {
    const found = document.languageId === "python" ? await look(document) : null;
    if (found) return found;
  }
  for (const uri of await workspace.findFiles(SCRIPTS, ELSEWHERE, MOST_SCRIPTS)) {
    const document = await Promise.resolve(workspace.openTextDocument(uri)).catch(() => null);
    const found = document && (await look(document));
    if (found) return found;
  }
  for (const uri of await workspace.findFiles(NOTEBOOKS, ELSEWHERE, MOST_NOTEBOOKS)) {
    const notebook = await Promise.resolve(workspace.openNotebookDocument(uri)).catch(() => null);
    for (const { document } of notebook?.getCells() ?? []) {
      const found = document.languageId === "python" ? await look(document) : null;
      if (found) return found;
    }
  }
  return null;
}

/** The lines that made layers of `model`, of scripts and cells that are open: nothing is opened for it. */
export async function codeLines(links: ScriptLinks, model: string): Promise<readonly CodeLine[]> {
  const python = workspace.textDocuments.filter(({ languageId }) => languageId === "python");
  const found = await Promise.all(
    python.map(async (document) => {
      const linked = (await links.of(document).catch(() => null))?.linked;
      if (!linked || !isSameTraining(linked.model, model)) return [];
      const file = path.posix.basename(linked.source.uri.path);
      return linked.links.links.flatMap(({ layer, script }) => {
        const line = script.line - linked.source.firstLine;
        if (line < 0 || line >= document.lineCount) return [];
        return [{ layer, file, line: line + 1, text: document.lineAt(line).text.trim() }];
      });
    }),
  );
  return found.flat();
}

/** Shows the line beside what is open. */
export async function showCode({ document, line }: CodePlace): Promise<void> {
  const cell = cellOf(document);
  if (cell) {
    const range = new NotebookRange(cell.index, cell.index + 1);
    const open = window.visibleNotebookEditors.find((one) => one.notebook === cell.notebook);
    const editor = await window.showNotebookDocument(cell.notebook, {
      viewColumn: open?.viewColumn ?? ViewColumn.One,
      selections: [range],
    });
    editor.revealRange(range);
    return;
  }
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  const { range } = document.lineAt(line);
  await window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? ViewColumn.One,
    selection: new Range(range.start, range.start),
  });
}
