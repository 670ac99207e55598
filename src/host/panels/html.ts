import { randomBytes } from "node:crypto";
import { env, l10n, Uri, type Webview } from "vscode";

/** Text as it may stand in a page and in its attributes. */
export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

/** Translations stand in the page: they are needed before the first message. `<` would end their script element. */
const translations = (): string => JSON.stringify(l10n.bundle ?? {}).replaceAll("<", "\\u003c");

/** The page of a panel: one script, one element. Data never stands in the page, it comes by message. */
export function panelHtml(webview: Webview, extension: Uri, title: string): string {
  const dist = Uri.joinPath(extension, "dist", "webview");
  const script = webview.asWebviewUri(Uri.joinPath(dist, "inspector.js"));
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'", // whatever is not listed is refused, network requests among it
    `script-src 'nonce-${nonce}' 'strict-dynamic'`, // our one script, named by a number nobody can guess, and the parts it loads
    "worker-src blob:", // the thread that lays out graphs, whose code is a part of that script
    `img-src ${webview.cspSource} blob: data:`, // blob: pictures drawn in the page, to be copied or saved
    `style-src ${webview.cspSource} 'unsafe-inline'`, // positions and sizes are computed per element
  ];
  return `<!DOCTYPE html>
<html lang="${escape(env.language)}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
    <title>${escape(title)}</title>
    <style>
      html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }
      body { background: var(--vscode-editor-background); color: var(--vscode-editor-foreground); }
    </style>
  </head>
  <body>
    <convlens-inspector></convlens-inspector>
    <script type="application/json" id="l10n">${translations()}</script>
    <script type="module" nonce="${nonce}" src="${script.toString()}"></script>
  </body>
</html>`;
}

/** A page that says one thing. */
export const sentenceHtml = (sentence: string): string => `<!DOCTYPE html>
<html lang="${escape(env.language)}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
    <title>ConvLens</title>
    <style>
      body { background: var(--vscode-editor-background); color: var(--vscode-editor-foreground); padding: 2rem; }
    </style>
  </head>
  <body><main><p role="alert">${escape(sentence)}</p></main></body>
</html>`;
