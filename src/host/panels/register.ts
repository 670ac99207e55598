import path from "node:path";
import { window, type Disposable, type Uri } from "vscode";
import { sentenceHtml } from "./html.ts";
import { asIntent } from "./intent.ts";
import { PANEL_TYPE, type InspectorPanels } from "./panels.ts";
import { t } from "../../shared/l10n.ts";

/** Of package.json: `option` beside others' viewers, `default` for what nothing else shows. */
const EDITOR_TYPES = ["convlens.model", "convlens.opened"] as const;

/** Why a file cannot be opened, or null: only files on disk can be read in parts. */
export function whyNotOnDisk(uri: Uri): string | null {
  return uri.scheme === "file"
    ? null
    : t(
        "'{0}' is a virtual file ({1}). ConvLens reads models in parts, straight from disk: save it to a folder on this machine and open it there.",
        path.posix.basename(uri.path),
        uri.scheme,
      );
}

/** Panels come back after a reload, and the custom editors open. */
export function registerPanels(panels: InspectorPanels): Disposable[] {
  const serializer = window.registerWebviewPanelSerializer(PANEL_TYPE, {
    deserializeWebviewPanel: (panel, state) => {
      const intent = panels.restored(asIntent(state)) ?? panels.titled(panel.title);
      if (intent) panels.adopt(panel, intent);
      else panel.dispose(); // nothing tells what it showed
      return Promise.resolve();
    },
  });
  const editors = EDITOR_TYPES.map((viewType) =>
    window.registerCustomEditorProvider(
      viewType,
      {
        openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
        resolveCustomEditor: ({ uri }, panel) => {
          const refusal = whyNotOnDisk(uri);
          if (refusal === null) panels.adopt(panel, panels.lastIntent(uri.fsPath));
          else panel.webview.html = sentenceHtml(refusal);
        },
      },
      { supportsMultipleEditorsPerDocument: false },
    ),
  );
  return [serializer, ...editors];
}
