import path from "node:path";
import {
  CodeLens,
  Range,
  type CancellationToken,
  type CodeLensProvider,
  type TextDocument,
  type Uri,
} from "vscode";
import { labelText } from "../../base/plain-text.ts";
import type { CodeLink } from "../../shared/contract/code.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { plural, t } from "../../shared/l10n.ts";
import type { CommandId } from "../commands/ids.ts";
import type { DeadFilters } from "./dead.ts";
import { linksAt, type LinkedScript, type ReadScript, type ScriptLinks } from "./links.ts";
import { CELL_SCHEME } from "./notebooks.ts";
import { foundText, isDoubtful, lensTitle, linkText } from "./words.ts";

interface Linked {
  readonly link: CodeLink;
  readonly layer: LayerSummary;
}

/** What each line of a training script became, above the line. */
export class LayerLenses implements CodeLensProvider {
  readonly onDidChangeCodeLenses;

  constructor(
    private readonly links: ScriptLinks,
    private readonly dead: DeadFilters,
  ) {
    this.onDidChangeCodeLenses = links.onChanged;
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    // a model or script that cannot be read is told where it is opened, not above every line
    const read = await this.links.of(document).catch(() => null);
    if (!read || token.isCancellationRequested) return [];
    const { linked } = read;
    if (!linked) return invitation(read);
    const lenses = header(linked);
    for (let line = 0; line < document.lineCount; line++) {
      const here = linksAt(linked, line).filter(({ layer }) => isWorthALens(layer));
      const [first, second] = here;
      if (first && !second) lenses.push(...this.ofLayer(linked.model, line, first, document.uri));
      else if (first) lenses.push(several(linked, line, here));
    }
    return lenses;
  }

  private ofLayer(model: string, line: number, { link, layer }: Linked, uri: Uri): CodeLens[] {
    const target = { model, layer: layer.name, code: true };
    const lens = (title: string, command: CommandId): CodeLens =>
      at(line, title, command, [target]);
    const title = lensTitle(link, layer, this.dead.of(model, layer.name));
    return [
      at(line, title, "convlens.openLayer", [target], linkText(link)),
      ...(layer.hasKernel ? [lens(t("Filters"), "convlens.filters")] : []),
      ...(layer.spatial
        ? [
            lens(t("Activations"), "convlens.activations"),
            lens("Grad-CAM", "convlens.cam"),
            lens(t("Maximize"), "convlens.maximize"),
          ]
        : []),
      ...(uri.scheme === CELL_SCHEME && (layer.hasKernel || layer.spatial)
        ? [
            at(line, t("Insert Picture"), "convlens.insertPicture", [
              { cell: uri, layer: layer.name },
            ]),
          ]
        : []),
    ];
  }
}

/** Flatten and dropout have nothing to show. */
const isWorthALens = (layer: LayerSummary): boolean =>
  layer.hasKernel || layer.spatial || layer.op === "dense";

function at(
  line: number,
  title: string,
  command: CommandId,
  args: readonly unknown[],
  tooltip = "",
  icon = "",
): CodeLens {
  const range = new Range(line, 0, line, 0);
  const drawn = (icon && `$(${icon}) `) + labelText(title);
  return new CodeLens(range, { title: drawn, command, arguments: [...args], tooltip });
}

function several({ model }: LinkedScript, line: number, here: readonly Linked[]): CodeLens {
  const names = here.map(({ layer }) => layer.name);
  const doubtful = here.some(({ link }) => isDoubtful(link));
  const title = `${doubtful ? "≈ " : ""}${t("{0} layers: {1}", names.length, [...names.slice(0, 3), ...(names.length > 3 ? ["…"] : [])].join(", "))}`;
  return at(line, title, "convlens.lineLayers", [{ model, layers: names }], names.join("\n"));
}

/** Above the first layer: which model the lines below were linked to. */
function header(linked: LinkedScript): CodeLens[] {
  const { source, model, foundBy, links } = linked;
  const first = Math.min(...links.links.map(({ script }) => script.line));
  const line = Number.isFinite(first) ? first - source.firstLine : 0;
  if (line < 0 || line >= source.lineCount) return [];
  const name = path.basename(model);
  const [icon, title] =
    links.links.length === 0
      ? ["warning", t("{0} does not match this script", name)]
      : ["link", name];
  const missing =
    links.missing.length === 0
      ? []
      : [
          plural(
            links.missing.length,
            "{0} layer of the script is not in the file.",
            "{0} layers of the script are not in the file.",
          ),
        ];
  return [
    at(
      line,
      title,
      "convlens.linkScript",
      [source.uri],
      [foundText(foundBy), ...missing, t("Click to choose another model.")].join(" "),
      icon,
    ),
  ];
}

function invitation({ source, firstLayer }: ReadScript): CodeLens[] {
  const line = (firstLayer ?? 1) - source.firstLine;
  if (line < 0 || line >= source.lineCount) return [];
  const tooltip = t("No model of the workspace was found that this script writes.");
  return [at(line, t("Link to a model…"), "convlens.linkScript", [source.uri], tooltip, "link")];
}
