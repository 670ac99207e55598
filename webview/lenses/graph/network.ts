import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { t } from "../../common/text/index.ts";
import { base } from "../../common/styles/index.ts";
import { paletteOf } from "./draw/canvas-pen.ts";
import { minimapOf } from "./draw/minimap.ts";
import { paint } from "./draw/paint.ts";
import { drawScene } from "./draw/scene.ts";
import type { Scene } from "./draw/types.ts";
import { SvgPen } from "./draw/svg-pen.ts";
import { type Direction, neighbour } from "./neighbours.ts";
import { styles } from "./network.styles.ts";
import { HEAD } from "./layout/sizes.ts";
import type { Box, Key } from "./layout/types.ts";
import { firstView, fitted, holds, moved, revealed, type View, zoomed } from "./view.ts";

/** What a screen reader is told of a node. */
export interface Told {
  readonly text: string;
  /** Its place among those of its block, from 1, and how many these are. */
  readonly place: number;
  readonly count: number;
}

const STEP = 1.25;
/** Pixels that a pointer may move and still click. */
const STILL = 4;
const DOUBLE_CLICK_MS = 400;
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ...{ ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" },
};

/**
 * A graph on a canvas of the window's size, of which only what is seen is drawn. The wheel zooms where the pointer is, dragging moves;
 * arrows go along the lines, Enter opens, + and - zoom, 0 shows all.
 *
 * @fires node-select detail: Box
 * @fires node-open detail: Box; by Enter or a double click
 * @fires node-toggle detail: Box of a block, which is to be unfolded or folded
 * @fires node-hover detail: Box or null
 * @fires graph-painted
 */
@customElement("convlens-network")
export class ConvlensNetwork extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) scene: Omit<Scene, "hovered"> | null = null;
  @property({ attribute: false }) tell: (box: Box) => Told = () => ({
    ...{ text: "", place: 1, count: 1 },
  });
  @property() label = "";

  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  private view: View | null = null;
  /** A person has moved or zoomed it: it stays where it is. */
  private touched = false;
  /** A box that stays where it is when the drawing changes around it. */
  private anchor: { readonly key: Key; readonly x: number; readonly y: number } | null = null;
  private wanted: Key | null = null;
  private hovered: Key | null = null;
  private drag: { x: number; y: number; far: boolean; map: boolean } | null = null;
  private toggledAt = -Infinity;
  private frame = 0;
  /** Asked of the page once, not in each frame: it would lay out anew. */
  private size = { width: 0, height: 0 };
  private colours: ((name: string) => string) | null = null;
  private readonly resized = new ResizeObserver(() => {
    this.size = { width: this.clientWidth, height: this.clientHeight };
    if (!this.touched) this.view = null;
    this.schedule();
  });
  private readonly themed = new MutationObserver(() => {
    this.colours = null;
    this.schedule();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    const attributeFilter = ["class", "style"];
    for (const element of [document.documentElement, document.body])
      this.themed.observe(element, { attributes: true, attributeFilter });
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** Shows the whole drawing. */
  fit(): void {
    if (!this.scene) return;
    this.touched = false;
    this.anchor = null;
    this.view = fitted(this.scene.drawing, this.size);
    this.schedule();
  }

  /** Makes it `by` times as large, around its middle. */
  zoom(by: number): void {
    const { width, height } = this.size;
    this.zoomAt(by, { x: width / 2, y: height / 2 });
  }

  /** Moves it until a box is seen, now or as soon as the drawing has it. */
  reveal(key: Key): void {
    this.wanted = key;
    this.schedule();
  }

  /** Keeps a box where it is while the drawing changes around it. */
  hold(key: Key): void {
    const { view } = this;
    const box = this.boxOf(key);
    if (!view || !box) return;
    this.touched = true;
    const x = (box.x + box.width / 2 - view.x) * view.scale;
    this.anchor = { key, x, y: (box.y - view.y) * view.scale };
  }

  /** The whole drawing as the text of an SVG file. */
  svg(): string {
    const { scene } = this;
    if (!scene) return "";
    const pen = new SvgPen(paletteOf(getComputedStyle(this)));
    const { width, height } = scene.drawing;
    drawScene(pen, { ...scene, selected: null, hovered: null }, { x: 0, y: 0, width, height }, 1);
    return pen.file(width, height);
  }

  private boxOf(key: Key | null): Box | undefined {
    return this.scene?.drawing.boxes.find((box) => box.key === key);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get("scene");
    if (changed.has("scene") && before?.drawing !== this.scene?.drawing) this.follow();
    this.schedule();
  }

  /** Another drawing: what was held stays where it was. */
  private follow(): void {
    const { anchor, view, size } = this;
    const box = this.boxOf(anchor?.key ?? null);
    this.anchor = null;
    if (!this.touched) this.view = null;
    if (!anchor || !box || !view || !this.scene) return;
    const at = {
      x: box.x + box.width / 2 - anchor.x / view.scale,
      y: box.y - anchor.y / view.scale,
      scale: view.scale,
    };
    this.view = moved(at, 0, 0, this.scene.drawing, size);
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { scene, size, hovered } = this;
    if (!scene || size.width === 0 || size.height === 0) return;
    this.view ??= firstView(scene.drawing, size);
    const wanted = this.boxOf(this.wanted);
    if (wanted) {
      this.view = revealed(this.view, wanted, size);
      this.wanted = null;
    }
    this.colours ??= paletteOf(getComputedStyle(this));
    paint(this.canvas, { ...scene, hovered }, this.view, size, this.colours);
    this.dispatchEvent(new CustomEvent("graph-painted"));
  }

  private pointOf(event: MouseEvent): { x: number; y: number } {
    const box = this.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** What lies under the pointer: the innermost; of an open block, its name. */
  private boxAt({ x, y }: { x: number; y: number }): Box | null {
    const { view, scene } = this;
    if (!view || !scene) return null;
    const [dx, dy] = [view.x + x / view.scale, view.y + y / view.scale];
    const box = scene.drawing.boxes.findLast((one) => holds(one, dx, dy));
    return box && !(box.open && dy > box.y + HEAD) ? box : null;
  }

  private zoomAt(by: number, at: { x: number; y: number }): void {
    const { view, scene, size } = this;
    if (!view || !scene) return;
    this.touched = true;
    const least = Math.min(0.5, fitted(scene.drawing, size).scale * 0.8);
    this.view = moved(zoomed(view, by, at, least), 0, 0, scene.drawing, size);
    this.schedule();
  }

  private move(dx: number, dy: number): void {
    if (!this.view || !this.scene) return;
    this.touched = true;
    this.view = moved(this.view, dx, dy, this.scene.drawing, this.size);
    this.schedule();
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const { x, y } = this.pointOf(event);
    const map = this.map();
    const onMap = map !== null && holds(map, x, y);
    this.drag = { x, y, far: onMap, map: onMap };
    if (onMap) this.moveTo(x, y);
  };

  private readonly pointer = (event: PointerEvent): void => {
    const { drag } = this;
    const { x, y } = this.pointOf(event);
    if (!drag) {
      this.hover(this.boxAt({ x, y }));
      return;
    }
    if (!drag.far && Math.hypot(x - drag.x, y - drag.y) < STILL) return;
    if (drag.map) this.moveTo(x, y);
    else this.move(drag.x - x, drag.y - y);
    this.drag = { ...drag, x, y, far: true };
  };

  private readonly up = (event: PointerEvent): void => {
    const { drag } = this;
    this.drag = null;
    const box = drag && !drag.far ? this.boxAt(this.pointOf(event)) : null;
    if (box) this.chosen(box);
  };

  private map(): ReturnType<typeof minimapOf> {
    return this.scene && this.view && minimapOf(this.scene.drawing, this.view, this.size);
  }

  /** The middle of the window goes where the small map was clicked. */
  private moveTo(x: number, y: number): void {
    const { view, size } = this;
    const map = this.map();
    if (!map || !view) return;
    const to = { x: (x - map.x) / map.scale, y: (y - map.y) / map.scale };
    this.move(
      (to.x - view.x) * view.scale - size.width / 2,
      (to.y - view.y) * view.scale - size.height / 2,
    );
  }

  private chosen(box: Box): void {
    this.fire("node-select", box);
    // the second click of a double one would undo the first
    const again = performance.now() - this.toggledAt < DOUBLE_CLICK_MS;
    if (typeof box.item !== "object" || again) return;
    this.toggledAt = performance.now();
    this.fire("node-toggle", box);
  }

  private hover(box: Box | null): void {
    const key = box?.key ?? null;
    if (key === this.hovered) return;
    this.hovered = key;
    this.fire("node-hover", box);
    this.schedule();
  }

  private fire(name: string, detail: Box | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private key(event: KeyboardEvent): void {
    const { scene } = this;
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = this.boxOf(scene.selected);
    const direction = DIRECTIONS[event.key];
    const { boxes } = scene.drawing;
    const end = { Home: boxes[0], End: boxes.findLast(({ open }) => !open) }[event.key];
    const to = direction ? neighbour(scene.drawing, scene.selected, direction) : end;
    if (to) {
      this.fire("node-select", to);
      this.reveal(to.key);
    } else if (event.key === "Enter" && here) {
      this.fire(typeof here.item === "object" ? "node-toggle" : "node-open", here);
    } else if (event.key === "Backspace" && here) {
      const around = this.boxOf(here.parent);
      if (!around) return;
      this.fire("node-select", around);
      this.fire("node-toggle", around);
    } else if (event.key === "+" || event.key === "=") this.zoom(STEP);
    else if (event.key === "-") this.zoom(1 / STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  protected override render(): TemplateResult {
    const { scene } = this;
    const active = this.boxOf(scene?.selected ?? null) ?? scene?.drawing.boxes[0];
    const told = active && this.tell(active);
    const isBlock = typeof active?.item === "object";
    const expanded = isBlock ? (active.open ? "true" : "false") : "undefined";
    return html`<div
      class="viewport"
      role="tree"
      tabindex="0"
      aria-label=${this.label}
      aria-activedescendant="active"
      @keydown=${(event: KeyboardEvent) => this.key(event)}
      @pointerdown=${this.down}
      @pointermove=${this.pointer}
      @pointerup=${this.up}
      @pointercancel=${() => (this.drag = null)}
      @pointerleave=${() => this.hover(null)}
      @dblclick=${(event: MouseEvent) => {
        const box = this.boxAt(this.pointOf(event));
        if (typeof box?.item === "number") this.fire("node-open", box);
      }}
      @wheel=${{
        handleEvent: (event: WheelEvent) => {
          event.preventDefault();
          const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
          this.zoomAt(Math.exp(-event.deltaY * lines * 0.0016), this.pointOf(event));
        },
        passive: false,
      }}
    >
      <canvas aria-hidden="true"></canvas>
      <div
        id="active"
        class="sr-only"
        role="treeitem"
        aria-level=${(active?.depth ?? 0) + 1}
        aria-expanded=${expanded}
        aria-selected=${scene?.selected ? "true" : "false"}
        aria-posinset=${told?.place ?? 1}
        aria-setsize=${told?.count ?? 1}
      >
        ${told?.text ?? t("Nothing to show")}
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-network": ConvlensNetwork;
  }
  interface HTMLElementEventMap {
    "node-select": CustomEvent<Box>;
    "node-open": CustomEvent<Box>;
    "node-toggle": CustomEvent<Box>;
    "node-hover": CustomEvent<Box | null>;
    "graph-painted": CustomEvent<null>;
  }
}
