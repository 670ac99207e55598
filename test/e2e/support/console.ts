import type { Page } from "playwright-core";

/** Errors of the workbench itself, seen on a bare code-server too. Any other one fails the run. */
const known = [
  /authentication provider 'github'/,
  /vsda/,
  // code-server's own missing files and service worker
  /the server responded with a status of 404/,
  /onWillSaveTextDocument/,
  // said while the window is reloaded
  /Long running operations during shutdown are unsupported in the web/,
  // said of the cells of a notebook that was closed
  /Unable to resolve text model content for resource vscode-notebook-cell/,
  /IndexedDB database 'vscode-web-db' is closed/,
];

/** @returns a list that grows with each error that is not known */
export function watchConsole(page: Page): readonly string[] {
  const errors: string[] = [];
  const note = (text: string) => {
    if (!known.some((pattern) => pattern.test(text))) errors.push(text.slice(0, 1500));
  };
  page.on("console", (message) => {
    if (message.type() === "error") note(message.text());
  });
  page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error.message}`));
  return errors;
}
