import {
  Disposable,
  OverviewRulerLane,
  Range,
  ThemeColor,
  window,
  type DecorationOptions,
  type TextDocument,
} from "vscode";
import { t } from "../../shared/l10n.ts";
import { marksDead } from "../settings.ts";
import type { DeadFilters } from "./dead.ts";
import { linksAt, type LinkedScript, type ScriptLinks } from "./links.ts";
import { reviewScripts } from "./reviews.ts";

const HALF = 0.5;

/** A thin bar before the lines whose filters died, and how many did behind them: where the settings ask for it. */
export function markDeadLines(links: ScriptLinks, dead: DeadFilters): Disposable {
  const [some, most] = [line("charts.yellow"), line("charts.red")];
  const reviewing = reviewScripts(links, async (document) => {
    const wanted = marksDead(document.uri);
    const linked = wanted ? (await links.of(document).catch(() => null))?.linked : null;
    const lines = linked ? deadLines(document, linked, dead) : [];
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== document) continue;
      editor.setDecorations(
        some,
        lines.filter(({ share }) => share < HALF),
      );
      editor.setDecorations(
        most,
        lines.filter(({ share }) => share >= HALF),
      );
    }
  });
  return Disposable.from(reviewing, some, most);
}

const line = (colour: string): ReturnType<typeof window.createTextEditorDecorationType> =>
  window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: "solid",
    borderWidth: "0 0 0 2px",
    borderColor: new ThemeColor(colour),
    overviewRulerColor: new ThemeColor(colour),
    overviewRulerLane: OverviewRulerLane.Left,
  });

function deadLines(
  document: TextDocument,
  linked: LinkedScript,
  counts: DeadFilters,
): (DecorationOptions & { share: number })[] {
  return [...Array(document.lineCount).keys()].flatMap((row) => {
    const here = linksAt(linked, row).flatMap(({ layer }) => {
      const count = counts.of(linked.model, layer.name);
      return count ? [count] : [];
    });
    const dead = here.reduce((sum, count) => sum + count.dead, 0);
    const filters = here.reduce((sum, count) => sum + count.filters, 0);
    if (dead === 0) return [];
    const images = Math.min(...here.map((count) => count.images));
    const contentText = `  ${t("{0} of {1} dead (pictures: {2})", dead, filters, images)}`;
    const after = { contentText, color: new ThemeColor("editorCodeLens.foreground") };
    const range = document.lineAt(row).range;
    return [
      { range: new Range(range.start, range.end), renderOptions: { after }, share: dead / filters },
    ];
  });
}
