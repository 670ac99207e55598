import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { DiffRow, ModelDiff } from "../../../src/shared/contract/compare.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { type App, isPart, Resource } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import { swatch } from "./beside.ts";
import type { Box } from "./layout/types.ts";
import { layersOf } from "./open.ts";

/** Names of the other model's layers that are written out, at most. */
const MOST_NAMES = 12;

/** What is otherwise in the model that the panel compares with: colours of nodes, and what this one has no node for. */
export class Compared {
  private readonly diff: Resource<ModelDiff>;
  /** What is said of a layer of this model; none: it is the same in both. */
  private of = new Map<string, "changed" | "own">();
  private known: ModelDiff | null = null;

  constructor(host: ReactiveControllerHost) {
    this.diff = new Resource<ModelDiff>(
      host,
      () => undefined,
      ({ partial }) => {
        if (isPart<ModelDiff>(partial, "rows")) this.diff.show(partial);
      },
    );
  }

  want({ remote, epoch, intent }: App): void {
    const { other } = intent;
    this.diff.load(other === null ? null : { other }, epoch, (_, options) =>
      remote.compare({}, options),
    );
    if (this.known === this.diff.value) return;
    this.known = this.diff.value;
    this.of = new Map(this.known?.rows.flatMap(markOf) ?? []);
  }

  /** The colour of a node: one that the other model lacks, or that differs there. */
  markOf({ item }: Box, layers: readonly LayerSummary[]): string | null {
    if (this.of.size === 0) return null;
    const marks = layersOf(item).map((place) => this.of.get(layers[place]?.name ?? ""));
    if (marks.every((mark) => mark === "own")) return "green";
    return marks.some((mark) => mark !== undefined) ? "orange" : null;
  }

  /** What the colours mean, and which layers only the other model has. */
  legend(): TemplateResult | typeof nothing {
    const { known } = this;
    if (!known) return nothing;
    const lacking = known.rows.flatMap((row) =>
      "side" in row && row.side === "b" ? row.name : [],
    );
    const named = lacking.slice(0, MOST_NAMES).join(", ");
    return html`<h2>${t("Compared with {0}", known.names[1])}</h2>
      <ul class="legend">
        ${swatch("green", t("Only in this model"))} ${swatch("orange", t("Differs"))}
      </ul>
      ${
        lacking.length === 0
          ? nothing
          : html`<p class="small name">
              ${t("Only in the other: {0}", lacking.length > MOST_NAMES ? `${named}, …` : named)}
            </p>`
      }`;
  }
}

function markOf(row: DiffRow): (readonly [string, "changed" | "own"])[] {
  if ("side" in row) return row.side === "a" ? [[row.name, "own"]] : [];
  const differs = row.changes.length > 0 || (row.weights?.relative ?? 0) > 0;
  return differs ? [[row.a, "changed"]] : [];
}
