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

/** Said of a webview that is closed while it still loads, whose reads are cancelled; and of one that lives and cannot load, which is an error. */
const CANCELLED = /Webview\.loadLocalResource - Error using fileReader/;
/** From such an error to the end of its webview, or the other way round, milliseconds. */
const SOON = 2000;

/** @returns a list that grows with each error that is not known, and loses those that the end of a webview explains */
export function watchConsole(page: Page): readonly string[] {
  const errors: string[] = [];
  let closing: { readonly text: string; readonly at: number }[] = [];
  let closed = -Infinity;
  const note = (full: string) => {
    if (known.some((pattern) => pattern.test(full))) return;
    const text = full.slice(0, 1500);
    const at = Date.now();
    if (CANCELLED.test(text)) {
      if (at - closed < SOON) return;
      closing.push({ text, at });
    }
    errors.push(text);
  };
  page.on("framedetached", () => {
    closed = Date.now();
    for (const { text, at } of closing)
      if (closed - at < SOON) errors.splice(errors.indexOf(text), 1);
    closing = [];
  });
  page.on("console", (message) => {
    if (message.type() === "error") note(message.text());
  });
  page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error.message}`));
  return errors;
}
