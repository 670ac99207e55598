/**
 * The network as a drawing. The compute process says what feeds what and which layers belong together (`contract/graph.ts`); a thread of
 * the page lays out what of it is open (`chart.ts`, `layout/`), block by block; an element draws it and is what the pointer and the keyboard
 * meet (`network.ts`, `draw/`); this file fetches, and turns what is done there into choices of the panel.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { messageOf } from "../../../src/base/errors.ts";
import type { CodeLine } from "../../../src/shared/contract/code.ts";
import type { NetworkGraph } from "../../../src/shared/contract/graph.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { button, iconButton, searchField } from "../../common/controls/index.ts";
import { Own, Resource, send } from "../../common/state/index.ts";
import { base, controls, details, icon, lensLayout } from "../../common/styles/index.ts";
import { baseName, fileName, filterLayers, t } from "../../common/text/index.ts";
import { empty } from "../../components/empty/empty.ts";
import { keep } from "../../components/export/keepable.ts";
import { status } from "../../components/status/status.ts";
import { split, toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import { blockBeside, layerBeside, legendBeside } from "./beside.ts";
import { Chart } from "./chart.ts";
import { Compared } from "./compared.ts";
import { DeadOf } from "./dead.ts";
import type { Scene } from "./draw/types.ts";
import { FactsOf, factsText } from "./facts.ts";
import { FlowOf } from "./flow.ts";
import { styles } from "./graph.styles.ts";
import type { Box, Drawing, Key, Line } from "./layout/types.ts";
import type { ConvlensNetwork, Told } from "./network.ts";
import { layersOf } from "./open.ts";
import { pointerLine } from "./pointer.ts";
import { shapesOn } from "./shapes.ts";
import { Thumbnails } from "./thumbnails.ts";
import "./network.ts";

/** The network as a graph of its layers: the first picture of a model. */
@customElement("convlens-graph")
export class ConvlensGraph extends LensElement {
  static override styles = [base, controls, details, lensLayout, styles];

  @query("convlens-network") private readonly network!: ConvlensNetwork | null;
  @state() private hovered: Box | null = null;
  /** A block that is chosen in place of a layer. */
  @state() private block: Key | null = null;
  /** The layer that was last chosen in the drawing. */
  private chosenHere: string | null = null;
  private readonly query = new Own(this, "");
  private readonly chart = new Chart(this);
  private readonly graph = new Resource<NetworkGraph>(this, (graph) => {
    this.chart.show(graph, this.chosenPlace);
  });
  private readonly code = new Resource<readonly CodeLine[]>(this);
  private readonly compared = new Compared(this);
  private readonly thumbnails = new Thumbnails(this);
  private readonly flow = new FlowOf(this);
  private facts: FactsOf | null = null;
  private dead: DeadOf | null = null;
  private words: { readonly of: Drawing; readonly lines: ReadonlyMap<Line, string> } | null = null;
  private scene: Omit<Scene, "hovered"> | null = null;
  private painted: unknown = null;

  private get layers(): readonly LayerSummary[] {
    return this.app.summary.layers;
  }
  /** The place of the panel's layer in the list; null: none is chosen. */
  private get chosenPlace(): number | null {
    const place = this.layers.findIndex(({ name }) => name === this.app.intent.layer);
    return place < 0 ? null : place;
  }
  private get selected(): Key | null {
    const { chosenPlace: place } = this;
    return this.block ?? (place === null ? null : this.chart.keyOf(place));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { remote, epoch, summary, census } = this.app;
    this.graph.load({}, epoch, remote.graph);
    this.code.load({}, epoch, remote.codeLines);
    if (this.facts?.summary !== summary) this.facts = new FactsOf(summary);
    const before = changed.get("app");
    if (before && before.intent.layer !== this.app.intent.layer) this.follow();
    this.compared.want(this.app);
    this.thumbnails.want(this.app, this.canRun, this.chart.drawing);
    this.flow.want(this.app, this.canRun && this.chart.drawing !== null);
    const { silent } = this.thumbnails;
    const { dead } = this;
    if (dead?.summary !== summary || dead.census !== census || dead.silent !== silent)
      this.dead = new DeadOf(summary, census, silent);
    this.scene = this.sceneNow();
  }

  /** The panel's layer was chosen elsewhere: it is to be seen. What is chosen here is seen, and stays where it is. */
  private follow(): void {
    if (this.app.intent.layer === this.chosenHere) return;
    [this.block, this.chosenHere] = [null, null];
    const { chosenPlace: place } = this;
    if (place === null) return;
    if (this.chart.keyOf(place) !== `l${place}`) this.chart.openTo(place);
    this.network?.reveal(`l${place}`);
  }

  private sceneNow(): Omit<Scene, "hovered"> | null {
    const { drawing } = this.chart;
    const { facts, dead } = this;
    if (!drawing || !facts || !dead) return null;
    const shown = drawing.boxes.filter(({ open }) => !open).map(({ item }) => facts.of(item));
    const parents = new Map(drawing.boxes.map(({ key, parent }) => [key, parent]));
    return {
      drawing,
      facts: facts.ofBox,
      words: this.wordsOf(drawing),
      leaves: ({ from, to }) => parents.get(from) === to,
      thumbnail: this.thumbnails.of,
      weight: this.flow.weightsOf(drawing, this.chart.graph),
      dead: ({ item }) => dead.of(item),
      most: {
        params: Math.max(...shown.map(({ params }) => params)),
        macs: Math.max(...shown.map(({ macs }) => macs)),
      },
      selected: this.selected,
      found: this.query.value === "" ? null : this.chart.keysOf(this.hits),
      mark: (box) => this.compared.markOf(box, this.layers),
    };
  }

  private wordsOf(drawing: Drawing): ReadonlyMap<Line, string> {
    if (this.words?.of !== drawing)
      this.words = { of: drawing, lines: shapesOn(drawing, this.layers) };
    return this.words.lines;
  }

  /** The places of the layers that are searched for. */
  private get hits(): ReadonlySet<number> {
    const found = new Set(filterLayers(this.layers, this.query.value));
    return new Set(this.layers.flatMap((layer, place) => (found.has(layer) ? [place] : [])));
  }

  /** Goes to the next layer that was found, after the chosen one. */
  private next(): void {
    const places = [...this.hits];
    const after = places.find((place) => place > (this.chosenPlace ?? -1)) ?? places[0];
    if (after === undefined || this.query.value === "") return;
    this.chosenHere = null;
    if (after === this.chosenPlace) this.follow();
    else this.go({ layer: at(this.layers, after).name });
  }

  private select({ item, key }: Box): void {
    this.block = typeof item === "number" ? null : key;
    if (typeof item !== "number") return;
    this.chosenHere = at(this.layers, item).name;
    this.go({ layer: this.chosenHere });
  }

  private readonly toggle = ({ item, key }: Box): void => {
    if (typeof item === "number") return;
    this.network?.hold(key);
    this.chart.toggle(item);
  };

  /** The lens that looks into a layer; where there is none, its numbers beside the graph are all there is. */
  private open({ item }: Box): void {
    if (typeof item !== "number") return;
    const { name, hasKernel, spatial } = at(this.layers, item);
    if (hasKernel) this.go({ layer: name, lens: "filters" });
    else if (spatial) this.go({ layer: name, lens: "activations" });
  }

  private readonly tell = ({ item, parent }: Box): Told => {
    const siblings = this.chart.drawing?.boxes.filter((box) => box.parent === parent) ?? [];
    const place = siblings.findIndex((box) => box.item === item) + 1;
    const text = this.facts ? factsText(this.facts.of(item)) : "";
    return { text, place, count: siblings.length };
  };

  protected override render(): TemplateResult {
    const { scene, chart } = this;
    const { graph } = chart;
    if (graph && graph.edges.length === 0)
      return empty(
        t("There is no graph"),
        t("The file holds weights without the network's structure: its layers are in the list."),
        button(t("Model"), () => this.go({ lens: "model" })),
      );
    const shown = scene?.drawing.boxes.filter(({ open }) => !open).length ?? 0;
    const label = t("Graph of the network: {0} layers, {1} nodes shown", this.layers.length, shown);
    return html`${this.renderToolbar(label)}
    ${split(
      html`${status(this.graph, t("Reading the graph"))}
        ${this.thumbnails.maps.error ? status(this.thumbnails.maps) : nothing}
        ${chart.failed === null ? nothing : html`<p class="note" role="alert">${chart.failed}</p>`}
        <convlens-network
          .scene=${scene}
          .tell=${this.tell}
          .label=${label}
          @node-select=${(event: CustomEvent<Box>) => this.select(event.detail)}
          @node-open=${(event: CustomEvent<Box>) => this.open(event.detail)}
          @node-toggle=${(event: CustomEvent<Box>) => this.toggle(event.detail)}
          @node-hover=${(event: CustomEvent<Box | null>) => {
            this.hovered = event.detail;
          }}
          @graph-painted=${() => {
            if (this.painted === scene?.drawing) return;
            this.painted = scene?.drawing;
            this.drawn();
          }}
        ></convlens-network>
        ${pointerLine(this.hovered, this.layers, this.facts, this.hovered && (this.dead?.of(this.hovered.item) ?? null), this.code.value)}`,
      t("The chosen node"),
      this.renderBeside(),
      true,
    )}`;
  }

  private renderToolbar(label: string): TemplateResult {
    const { query, chart } = this;
    const hits = query.value === "" ? null : this.hits.size;
    const zoom = (by: number) => () => this.network?.zoom(by);
    return toolbar(
      t("Graph"),
      html`<span
          class="search"
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === "Enter") this.next();
          }}
          >${searchField(t("Search layers"), query)}
          <span class="muted" aria-live="polite"
            >${hits === null ? nothing : t("{0} of {1}", hits, this.layers.length)}</span
          ></span
        >
        ${button(t("Unfold all"), () => chart.openAll(), { disabled: chart.blocks.length === 0 })}
        ${button(t("Fold all"), () => chart.foldAll(), { disabled: !chart.anyOpen })}
        ${iconButton(html`<span aria-hidden="true">−</span>`, t("Smaller"), zoom(1 / 1.4))}
        ${iconButton(icon("add"), t("Larger"), zoom(1.4))}
        ${button(t("Show all"), () => this.network?.fit(), { title: t("Shows the whole graph") })}`,
      keep(t("the graph"), {
        name: fileName(this.app.summary.name, "graph"),
        json: () => ({ label, layers: this.layers, graph: chart.graph }),
        more: [{ label: t("Save drawing (SVG)…"), run: () => this.saveDrawing() }],
      }),
    );
  }

  private saveDrawing(): void {
    const bytes = new TextEncoder().encode(this.network?.svg() ?? "");
    send(this, "convlens-save", { name: `${fileName(this.app.summary.name, "graph")}.svg`, bytes });
  }

  /** The line that made a layer, as a way there. */
  private codeOf({ name, source }: LayerSummary): TemplateResult | typeof nothing {
    const { remote } = this.app;
    const line = this.code.value?.find(({ layer }) => layer === name);
    const failed = (error: unknown): void => send(this, "convlens-notice", messageOf(error));
    if (line)
      return button(
        `${line.file}:${line.line}`,
        () => void remote.goToCode({ layer: name }).catch(failed),
        { kind: "link", title: line.text },
      );
    if (source === null) return nothing;
    const text = `${baseName(source.file)}:${source.line}`;
    const title = t("Open {0} at line {1}", source.file, source.line);
    return button(text, () => send(this, "convlens-source", source), { kind: "link", title });
  }

  private legend(): TemplateResult {
    const { summary, intent } = this.app;
    const canTake = this.canRun && intent.image === null;
    const hasDead = this.app.census !== null || this.thumbnails.silent.size > 0;
    const there = { hasPicture: !canTake, hasDead };
    return html`${this.compared.legend()}
    ${legendBeside(summary, there, () => send(this, "convlens-pick-images", null))}
    ${this.flow.legend()}`;
  }

  private renderBeside(): TemplateResult {
    const { selected, facts } = this;
    const box = this.chart.drawing?.boxes.find(({ key }) => key === selected);
    if (!box || !facts) return this.legend();
    const flow = this.flow.outOf(layersOf(box.item), this.chart.graph);
    const seen = { dead: this.dead?.of(box.item) ?? null, flow };
    if (typeof box.item === "object")
      return blockBeside(facts.of(box.item), seen, box.open, () => this.toggle(box));
    const layer = at(this.layers, box.item);
    return layerBeside(layer, facts.of(box.item), seen, this.go, this.codeOf(layer));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-graph": ConvlensGraph;
  }
}
