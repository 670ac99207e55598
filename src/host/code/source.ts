import path from "node:path";
import { workspace, type NotebookDocument, type TextDocument, type Uri } from "vscode";

/** A script: a Python file, or the Python cells of a notebook one behind the other. */
export interface CodeSource {
  /** The file on disk (of a cell: the notebook's). */
  readonly uri: Uri;
  readonly text: string;
  /** Its name as exporters record it. */
  readonly name: string;
  /** Line of `text` (from 1) where the asked document begins. */
  readonly firstLine: number;
  readonly lineCount: number;
  /** Changes whenever the text may have. */
  readonly version: string;
}

/** What is worth reading: scripts that use one of the libraries. */
const LIBRARIES = /\b(keras|torch|tensorflow)\b/;

/** The script that `document` is (a part of); null when it is none that builds networks. */
export function sourceOf(document: TextDocument): CodeSource | null {
  if (document.languageId !== "python") return null;
  const notebook = workspace.notebookDocuments.find(({ uri }) => uri.path === document.uri.path);
  const source =
    notebook && document.uri.scheme === "vscode-notebook-cell"
      ? ofNotebook(notebook, document)
      : {
          uri: document.uri,
          text: document.getText(),
          firstLine: 1,
          version: String(document.version),
        };
  if (!LIBRARIES.test(source.text)) return null;
  return { ...source, name: path.posix.basename(source.uri.path), lineCount: document.lineCount };
}

function ofNotebook(
  notebook: NotebookDocument,
  document: TextDocument,
): Omit<CodeSource, "name" | "lineCount"> {
  const parts: string[] = [];
  let [line, firstLine] = [1, 1];
  const cells = notebook.getCells().filter((cell) => cell.document.languageId === "python");
  for (const { document: cell } of cells) {
    if (cell === document) firstLine = line;
    parts.push(withoutMagic(cell.getText()));
    line += cell.lineCount;
  }
  return {
    uri: notebook.uri,
    text: parts.join("\n"),
    firstLine,
    version: cells.map(({ document: cell }) => `${cell.uri.fragment}:${cell.version}`).join(),
  };
}

/** `%matplotlib inline` and `!pip install` are no Python. */
const withoutMagic = (text: string): string => text.replace(/^[ \t]*[%!].*$/gm, "#");
