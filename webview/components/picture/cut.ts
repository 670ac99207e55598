/** One slice of what is drawn of a volume, whose slices stand one below another; all pictures of a page show the same place. */
import {
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import { segments } from "../../common/controls/index.ts";
import { type Plane, sliced, type VolumeSize } from "../../common/drawing/index.ts";
import { t } from "../../common/text/index.ts";

const AXIS: Readonly<Record<Plane, 0 | 1 | 2>> = { depth: 0, rows: 1, columns: 2 };

/** Where volumes are cut: across one axis, at a place of 0..1 along each. */
interface Cut {
  readonly plane: Plane;
  readonly places: readonly [number, number, number];
}
let cut: Cut = { plane: "depth", places: [0.5, 0.5, 0.5] };
const watchers = new Set<() => void>();

/** Draws its host again when volumes are cut elsewhere. */
export class CutController implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }
  private readonly changed = (): void => {
    this.host.requestUpdate();
  };
  hostConnected(): void {
    watchers.add(this.changed);
  }
  hostDisconnected(): void {
    watchers.delete(this.changed);
  }
  /** The slice of 8-bit cells [D H, W, n] that is shown. */
  of(pixels: Uint8Array, size: VolumeSize): { pixels: Uint8Array; width: number; height: number } {
    return sliced(pixels, size, cut.plane, indexIn(size, cut));
  }
  /** The place in [D H, W], 0..1, of one in the slice that is shown. */
  within(u: number, v: number, size: VolumeSize): { u: number; v: number } {
    const [depth, height, width] = size;
    const index = indexIn(size, cut);
    const along = (share: number, count: number): number => Math.floor(share * count);
    const [z, y, x] =
      cut.plane === "depth"
        ? [index, along(v, height), along(u, width)]
        : cut.plane === "rows"
          ? [along(v, depth), index, along(u, width)]
          : [along(v, depth), along(u, height), index];
    return { u: (x + 0.5) / width, v: (z * height + y + 0.5) / (depth * height) };
  }
}

const indexIn = (size: VolumeSize, { plane, places }: Cut): number => {
  const axis = AXIS[plane];
  return Math.min(size[axis] - 1, Math.floor(places[axis] * size[axis]));
};
function set(next: Cut): void {
  cut = next;
  for (const changed of watchers) changed();
}

/** The plane and the slice: a slider that arrow keys move. */
export function cutControls(size: VolumeSize): TemplateResult {
  const { plane, places } = cut;
  const axis = AXIS[plane];
  const count = size[axis];
  const index = indexIn(size, cut);
  const go = (event: Event): void => {
    const next = Number((event.target as HTMLInputElement).value);
    const all = places.map((own, i) => (i === axis ? (next + 0.5) / count : own));
    set({ plane, places: all as unknown as Cut["places"] });
  };
  return html`<div class="cut">
    ${segments<Plane>(
      t("Plane"),
      [
        ["depth", "z", t("Slices across the depth")],
        ["rows", "y", t("Slices across the rows")],
        ["columns", "x", t("Slices across the columns")],
      ],
      { value: plane, set: (next) => set({ plane: next, places }) },
    )}
    <input
      type="range"
      min="0"
      max=${count - 1}
      step="1"
      .value=${String(index)}
      aria-label=${t("Slice")}
      aria-valuetext=${t("slice {0} of {1}", index + 1, count)}
      @input=${go}
    />
    <span class="mono small">${index + 1}/${count}</span>
  </div>`;
}
