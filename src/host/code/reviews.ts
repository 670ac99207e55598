import { Disposable, window, workspace, type TextDocument } from "vscode";
import type { ScriptLinks } from "./links.ts";

const SETTLE_MS = 400;

/** Python files, and the Python cells of notebooks. */
export const PYTHON = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "vscode-notebook-cell" },
];

/** Calls `review` for each open script, now and whenever it, its links, what is visible or the settings have changed. */
export function reviewScripts(
  links: ScriptLinks,
  review: (document: TextDocument) => Promise<void>,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const document of workspace.textDocuments)
        if (document.languageId === "python") void review(document);
    }, SETTLE_MS);
  };
  soon();
  const listening = [
    links.onChanged(soon),
    window.onDidChangeVisibleTextEditors(soon),
    workspace.onDidOpenTextDocument(soon),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === "python") soon();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("convlens.code")) soon();
    }),
  ];
  return new Disposable(() => {
    clearTimeout(timer);
    for (const one of listening) one.dispose();
  });
}
