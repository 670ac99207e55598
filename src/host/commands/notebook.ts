import path from "node:path";
import { Uri, window, workspace, type NotebookCell } from "vscode";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { insertPicture, type CellPicture } from "../code/notebooks.ts";
import type { LinkedScript } from "../code/links.ts";
import { notTrusted } from "../panels/calls.ts";
import { layerChoices } from "../picks/items.ts";
import { pick } from "../picks/pick.ts";
import { pickPicture } from "../picks/picture.ts";
import type { Services } from "../services.ts";
import type { Command } from "./ids.ts";

const title = (): string => t("Insert Picture into Cell Output");
/** How wide a picture is at least about, pixels: as wide as what plots there. */
const WIDE = 480;
type What = "filters" | "cam";

/** What a CodeLens of a cell knows already. */
export interface CellTarget {
  readonly cell: Uri;
  readonly layer: string;
}

/** `convlens.insertPicture`: a layer's filters, or Grad-CAM at it, as an output of the cell that makes the layer. */
export const insertCellPicture =
  (services: Services): Command =>
  async (arg) => {
    const target = isCellTarget(arg) ? arg : null;
    const cell = cellFor(target);
    const linked = (await services.links.of(cell.document))?.linked;
    if (!linked)
      throw inputError(
        t(
          "This notebook is linked to no model. Link it with 'ConvLens: Link Training Code to a Model…'.",
        ),
      );
    const layer = await layerFor(linked, cell, target);
    if (!layer) return;
    const what = await whatOf(layer);
    if (what === null) return;
    const picture =
      what === "filters"
        ? await filtersOf(services, linked, layer)
        : await camOf(services, linked, layer);
    if (picture) await insertPicture(cell, picture);
  };

const isCellTarget = (arg: unknown): arg is CellTarget =>
  typeof arg === "object" && arg !== null && "cell" in arg && arg.cell instanceof Uri;

function cellFor(target: CellTarget | null): NotebookCell {
  const cells = target
    ? workspace.notebookDocuments.flatMap((notebook) => notebook.getCells())
    : (window.activeNotebookEditor?.notebook.getCells(window.activeNotebookEditor.selection) ?? []);
  const cell = target
    ? cells.find(({ document }) => document.uri.toString() === target.cell.toString())
    : cells[0];
  if (!cell) throw usageError(t("Choose a cell of a notebook that makes layers first."));
  return cell;
}

/** The cell's layers first; a cell that makes none may show any layer of the model. */
async function layerFor(
  { links, source, summary }: LinkedScript,
  cell: NotebookCell,
  target: CellTarget | null,
): Promise<LayerSummary | null> {
  const suits = ({ hasKernel, spatial }: LayerSummary): boolean => hasKernel || spatial;
  const find = (name: string | null): LayerSummary | null =>
    summary.layers.find((layer) => layer.name === name) ?? null;
  if (target) return find(target.layer);
  const last = source.firstLine + cell.document.lineCount;
  const here = links.links
    .filter(({ script }) => script.line >= source.firstLine && script.line < last)
    .map((link) => find(link.layer))
    .filter((layer) => layer !== null && suits(layer)) as LayerSummary[];
  const offered = here.length > 0 ? here : summary.layers.filter(suits);
  if (offered.length === 1) return offered[0] ?? null;
  return find(await pick(title(), t("Of which layer?"), layerChoices(offered)));
}

async function whatOf({ hasKernel, spatial }: LayerSummary): Promise<What | null> {
  if (!spatial) return "filters";
  if (!hasKernel) return "cam";
  return pick<What>(title(), t("Which picture?"), [
    { icon: "symbol-array", label: t("Filters"), value: "filters" },
    {
      icon: "flame",
      label: "Grad-CAM",
      description: t("of the top class of a picture"),
      value: "cam",
    },
  ]);
}

async function filtersOf(
  { compute }: Services,
  { model }: LinkedScript,
  { name }: LayerSummary,
): Promise<CellPicture | null> {
  const sheet = await compute.remote.kernelSheet({ model, layer: name, wide: WIDE });
  if (!sheet) throw inputError(t("Layer '{0}' has no filters that can be drawn.", name));
  const { drawn, filters, norms, png } = sheet;
  const [least, median, largest] = norms.map((norm) => Number(norm.toPrecision(3)));
  const which = drawn < filters ? `the first ${drawn} of ${filters} filters` : `${filters} filters`;
  const text = `${path.basename(model)}, ${name}: ${which}; norms ${least} to ${largest}, median ${median}`;
  return { png, text, of: `filters of ${name}` };
}

/** Of the picture that the model's panel looks at, or one that is asked for. */
async function camOf(
  services: Services,
  { model }: LinkedScript,
  { name: layer }: LayerSummary,
): Promise<CellPicture | null> {
  if (!workspace.isTrusted) throw notTrusted();
  const image =
    services.panels.currentIntent(model).image ?? (await pickPicture(services, title(), model));
  if (image === null) return null;
  const args = { model, image, layer };
  const call = { name: "convlens_grad_cam", args, roots: [model, image] };
  const { text, png } = await services.compute.remote.useTool(call);
  // nothing to draw is a result too, and is said
  if (!png) throw inputError(`${path.basename(image)}: ${text.split("\n").at(-1) ?? text}`);
  const of = `Grad-CAM at ${layer} of ${path.basename(image)}`;
  return { png, text: `${path.basename(model)}, ${path.basename(image)}\n${text}`, of };
}
