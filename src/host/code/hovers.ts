import path from "node:path";
import {
  Hover,
  MarkdownString,
  type HoverProvider,
  type Position,
  type TextDocument,
} from "vscode";
import { commandLink, markdownText } from "../../base/plain-text.ts";
import type { CodeLink, KernelSheet } from "../../shared/contract/code.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { decimal, plural, t } from "../../shared/l10n.ts";
import type { Core } from "../core.ts";
import { layerTooltip } from "../views/layer-item.ts";
import { linksAt, type ScriptLinks } from "./links.ts";
import { linkText } from "./words.ts";

/** More layers of one line would make a hover nobody reads. */
const MOST_LAYERS = 4;
/** A picture of a hover beyond this is left out: it travels as text. */
const LARGEST_PNG = 200_000;
const MOST_WORDS = 400;
const COMMANDS = ["convlens.filters", "convlens.activations", "convlens.maximize"] as const;
const titleOf = (id: (typeof COMMANDS)[number]): string => {
  if (id === "convlens.filters") return t("Filters");
  return id === "convlens.activations" ? t("Activations") : t("Maximize");
};

/** The filters that a line of training code learned, and what is known of its layer. */
export class LayerHovers implements HoverProvider {
  constructor(
    private readonly core: Core,
    private readonly links: ScriptLinks,
  ) {}

  async provideHover(document: TextDocument, { line }: Position): Promise<Hover | null> {
    const linked = (await this.links.of(document).catch(() => null))?.linked;
    if (!linked) return null;
    const here = linksAt(linked, line);
    if (here.length === 0) return null;
    const parts = await Promise.all(
      here.slice(0, MOST_LAYERS).map(({ link, layer }) => this.about(linked.model, link, layer)),
    );
    const more =
      here.length > MOST_LAYERS
        ? [new MarkdownString(t("… and {0} more layers of this line.", here.length - MOST_LAYERS))]
        : [];
    return new Hover([...parts, ...more], document.lineAt(line).range);
  }

  private async about(model: string, link: CodeLink, layer: LayerSummary): Promise<MarkdownString> {
    const sheet = layer.hasKernel
      ? await this.core.compute.remote.kernelSheet({ model, layer: layer.name }).catch(() => null)
      : null;
    const text = new MarkdownString("", true);
    text.isTrusted = { enabledCommands: COMMANDS };
    text.appendMarkdown(layerTooltip(layer));
    if (sheet && sheet.png.length <= LARGEST_PNG) text.appendMarkdown(`\n\n${pictureOf(sheet)}`);
    text.appendMarkdown(`\n\n${actions(model, layer)}\n\n`);
    text.appendMarkdown(markdownText(`${linkText(link)} (${path.basename(model)})`, MOST_WORDS));
    return text;
  }
}

function pictureOf({ png, drawn, filters, norms }: KernelSheet): string {
  const [least, median, largest] = norms.map((norm) =>
    decimal(String(Number(norm.toPrecision(3)))),
  );
  const data = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64");
  const which =
    drawn < filters
      ? t("the first {0} of {1} filters", drawn, filters)
      : plural(filters, "{0} filter", "{0} filters");
  const sizes = t("norms {0} to {1}, median {2}", least ?? 0, largest ?? 0, median ?? 0);
  return `![${which}](data:image/png;base64,${data})\n\n${which}; ${sizes}`;
}

function actions(model: string, layer: LayerSummary): string {
  const offered = COMMANDS.filter((id) =>
    id === "convlens.filters" ? layer.hasKernel : layer.spatial,
  );
  const args = [{ model, layer: layer.name, code: true }];
  return offered.map((id) => `[${titleOf(id)}](${commandLink(id, args)})`).join(" · ");
}
