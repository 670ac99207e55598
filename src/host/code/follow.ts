import { Disposable, window, type TextEditor } from "vscode";
import type { LayerSummary } from "../../shared/contract/model.ts";
import type { Change, InspectorPanels } from "../panels/panels.ts";
import { followsCursor } from "../settings.ts";
import { linksAt, type ScriptLinks } from "./links.ts";

const SETTLE_MS = 200;

/** An open inspector shows the layer of the line that the cursor is on: the same pictures, another layer. */
export function followCursor(links: ScriptLinks, panels: InspectorPanels): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let last = "";
  const follow = async (editor: TextEditor): Promise<void> => {
    const { document, selection } = editor;
    const linked = (await links.of(document).catch(() => null))?.linked;
    if (!linked || window.activeTextEditor !== editor) return;
    const inspector = panels.ofTraining(linked.model);
    const [only, other] = linksAt(linked, selection.active.line);
    const place = `${linked.model}\n${only?.layer.name}`;
    if (!inspector?.panel.visible || !only || other || place === last) return;
    last = place;
    const change = changeFor(only.layer, inspector.intent.lens);
    if (change) inspector.update(change);
  };
  const listening = window.onDidChangeTextEditorSelection(({ textEditor }) => {
    clearTimeout(timer);
    if (textEditor.document.languageId !== "python" || !followsCursor(textEditor.document.uri))
      return;
    timer = setTimeout(() => void follow(textEditor), SETTLE_MS);
  });
  return new Disposable(() => {
    clearTimeout(timer);
    listening.dispose();
  });
}

/** What the lens that is open can show of `layer`; null when it cannot. */
function changeFor(layer: LayerSummary, lens: string): Change | null {
  if (lens === "cam") return layer.spatial ? { camLayer: layer.name, layer: layer.name } : null;
  if (lens === "filters") return layer.hasKernel ? { layer: layer.name, filter: null } : null;
  if (lens === "activations" || lens === "maximize")
    return layer.spatial ? { layer: layer.name, filter: null } : null;
  return { layer: layer.name };
}
