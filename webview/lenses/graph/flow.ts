/** How much of a class' score flows along the lines of a drawing. */
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import type { Flow, NetworkGraph } from "../../../src/shared/contract/graph.ts";
import { placeOf } from "../../../src/shared/intent-questions.ts";
import type { OfClass } from "../../../src/shared/question.ts";
import { type App, Resource, send } from "../../common/state/index.ts";
import { className, num, t } from "../../common/text/index.ts";
import type { Drawing, Key, Line } from "./layout/types.ts";
import { layersOf } from "./open.ts";

/** The class that is looked at: the first that was chosen, else the most likely. */
export const classOf = ({ intent }: Pick<App, "intent">): OfClass => ({
  classIndex: intent.classes[0] ?? null,
  ...placeOf(intent),
});

/** The flow of one picture, and what of it goes along each line. */
export class FlowOf {
  readonly flow: Resource<Flow>;
  private shown: { drawing: Drawing; flow: Flow; lines: ReadonlyMap<Line, number> } | null = null;

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.flow = new Resource<Flow>(host, (flow) => send(host, "convlens-provenance", flow));
  }

  want(app: App, canRun: boolean): void {
    const { image } = app.intent;
    const asked = image !== null && canRun ? { image, ...classOf(app) } : null;
    this.flow.load(asked, app.epoch, app.remote.flow);
  }

  /** Thickness of each line, 0..1 of the thickest; null: nothing is known of it, or of any. */
  weightsOf(drawing: Drawing, graph: NetworkGraph | null): (line: Line) => number | null {
    const { value: flow } = this.flow;
    if (!flow || !graph) return () => null;
    if (this.shown?.drawing !== drawing || this.shown.flow !== flow)
      this.shown = { drawing, flow, lines: alongLines(drawing, graph, flow) };
    const { lines } = this.shown;
    const most = Math.max(0, ...[...lines.values()].map(Math.abs));
    return (line) => (most > 0 ? Math.abs(lines.get(line) ?? 0) / most : null);
  }

  /** What some layers together give to others, in logits; null: not known. */
  outOf(layers: readonly number[], graph: NetworkGraph | null): number | null {
    const { value: flow } = this.flow;
    if (!flow || !graph) return null;
    const inside = new Set(layers);
    const flows = graph.edges.flatMap(({ from, to }, i) =>
      inside.has(from) && !inside.has(to) ? (flow.edges[i] ?? []) : [],
    );
    return flows.length > 0 ? flows.reduce((sum, one) => sum + one, 0) : null;
  }

  /** What the lines' thickness means. */
  legend(): TemplateResult | typeof nothing {
    const { value: flow } = this.flow;
    if (!flow) return nothing;
    const { score } = flow;
    return html`<p class="small muted">
      ${t("The thicker a line, the more flows along it to {0} (logit {1}): gradient × activation, which is how far the logit would fall without it, to first order.", className(score), num(score.logit, 3))}
    </p>`;
  }
}

function alongLines(
  { boxes, lines }: Drawing,
  { edges }: NetworkGraph,
  flow: Flow,
): ReadonlyMap<Line, number> {
  const parents = new Map(boxes.map(({ key, parent }) => [key, parent]));
  const inside = new Map<Key, ReadonlySet<number>>(
    boxes.map(({ key, item }) => [key, new Set(layersOf(item))]),
  );
  const outgoing = new Map<number, { to: number; flow: number | null }[]>();
  edges.forEach(({ from, to }, i) => {
    const list = outgoing.get(from) ?? [];
    list.push({ to, flow: at(flow.edges, i) });
    outgoing.set(from, list);
  });
  return new Map(
    lines.flatMap((line): [Line, number][] => {
      const { from, to, layers } = line;
      const leaves = parents.get(from) === to;
      const along = layers
        .flatMap((layer) => outgoing.get(layer) ?? [])
        .filter((edge) => (inside.get(to)?.has(edge.to) ?? false) !== leaves)
        .flatMap((edge) => edge.flow ?? []);
      return along.length > 0 ? [[line, along.reduce((sum, one) => sum + one, 0)]] : [];
    }),
  );
}
