/** The elements of the lenses, `convlens-NAME`: where each comes from, and which are there. */
import type { Lens } from "../../../src/shared/contract/intent.ts";
import { type App, LENSES } from "../../common/state/index.ts";

/** Each comes when it is wanted. */
const LOAD: Readonly<Record<Lens, () => Promise<unknown>>> = {
  graph: () => import("../../lenses/graph/graph.ts"),
  model: () => import("../../lenses/model/model.ts"),
  filters: () => import("../../lenses/filters/filters.ts"),
  how: () => import("../../lenses/how/how.ts"),
  activations: () => import("../../lenses/activations/activations.ts"),
  maximize: () => import("../../lenses/maximize/maximize.ts"),
  attack: () => import("../../lenses/attack/attack.ts"),
  cam: () => import("../../lenses/cam/cam.ts"),
  attribute: () => import("../../lenses/attribute/attribute.ts"),
  training: () => import("../../lenses/training/training.ts"),
  compare: () => import("../../lenses/compare/compare.ts"),
};

/** Fetches the element of a lens, where it is not there yet. */
export const loadLens = async (lens: Lens): Promise<unknown> => LOAD[lens]();

type LensElement = HTMLElementTagNameMap[`convlens-${Lens}`];

/** The elements of one panel. */
export class LensElements {
  private readonly kept = new Map<Lens, LensElement>();

  /** What is shown, and, hidden, those whose work goes on while another is looked at. */
  show(app: App): readonly HTMLElement[] {
    const { lens } = app.intent;
    if (!this.kept.has(lens)) this.kept.set(lens, document.createElement(`convlens-${lens}`));
    for (const [name, element] of this.kept) {
      if (name !== lens && !LENSES[name].stays) this.kept.delete(name);
      element.hidden = name !== lens;
      element.app = app;
    }
    return [...this.kept.values()];
  }
}
