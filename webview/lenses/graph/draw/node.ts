import type { Box } from "../layout/types.ts";
import type { Facts } from "../facts.ts";
import { HEAD } from "../layout/sizes.ts";
import type { Pen } from "./pen.ts";
import type { Scene } from "./types.ts";

const RADIUS = 5;
const STRIP = 4;
const SIDE = 36;
const MOST_PARTS = 20;

/** An open block: its border, and its name above what is in it. */
export function drawFrame(pen: Pen, box: Box, scene: Scene): void {
  pen.rect(box, { fill: "fg", opacity: 0.045, radius: RADIUS + 2 });
  const isChosen = box.key === scene.selected;
  const { stroke, width, opacity } = borderOf(box, scene);
  pen.rect(box, { stroke, width, opacity: isChosen ? 1 : opacity * 0.8, radius: RADIUS + 2 });
  const { title, below } = scene.facts(box);
  const [x, y] = [box.x + 10, box.y + HEAD / 2];
  sign(pen, x + 4, y, false);
  const most = box.width - 34;
  pen.words(`${title}  ${below}`, x + 15, y, { colour: "muted", size: 11, bold: true, most });
}

/** A layer, or a folded block. */
export function drawNode(pen: Pen, box: Box, scene: Scene): void {
  const facts = scene.facts(box);
  const isBlock = typeof box.item === "object";
  const opacity = scene.found && !scene.found.has(box.key) ? 0.3 : 1;
  const { stroke, width, opacity: line } = borderOf(box, scene);
  if (isBlock) behind(pen, box, opacity);
  pen.rect(box, { fill: "bg", radius: RADIUS });
  pen.rect(box, { fill: "card", radius: RADIUS, opacity });
  strip(pen, box, facts.colours, opacity);
  const dash = facts.opaque > 0 ? { dash: 4 } : {};
  pen.rect(box, { stroke, width, radius: RADIUS, opacity: line * opacity, ...dash });
  inside(pen, box, facts, { scene, opacity });
}

/** What is in it, from above to below, by the colours of layers. */
function strip(pen: Pen, { x, y, height }: Box, colours: readonly string[], opacity: number): void {
  const parts = Math.min(MOST_PARTS, colours.length);
  const part = (height - 6) / parts;
  for (let i = 0; i < parts; i++) {
    const fill = colours[Math.floor((i * colours.length) / parts)] ?? "muted";
    pen.rect({ x, y: y + 3 + i * part, width: STRIP, height: part }, { fill, opacity });
  }
}

/** A second sheet under a block: there is more in it. */
function behind(pen: Pen, { x, y, width, height }: Box, opacity: number): void {
  const sheet = { x: x + 4, y: y + 4, width, height };
  pen.rect(sheet, { fill: "bg", radius: RADIUS });
  pen.rect(sheet, { fill: "fg", stroke: "muted", radius: RADIUS, opacity: 0.16 * opacity });
}

function inside(
  pen: Pen,
  box: Box,
  facts: Facts,
  { scene, opacity }: { scene: Scene; opacity: number },
): void {
  const isBlock = typeof box.item === "object";
  let left = box.x + 12;
  const picture = scene.thumbnail(box);
  if (picture) {
    pen.picture(picture, { x: left - 4, y: box.y + 5, width: SIDE, height: SIDE });
    left += SIDE + 3;
  }
  const silent = scene.dead(box);
  const right = box.x + box.width - (isBlock ? 24 : 10) - (silent === null ? 0 : 7);
  const most = right - left;
  const title = facts.opaque > 0 && !isBlock ? `? ${facts.title}` : facts.title;
  const ink = { most, opacity };
  const cut = isBlock ? "start" : "end";
  pen.words(title, left, box.y + 14, { ...ink, colour: "strong", size: 12, bold: isBlock, cut });
  pen.words(facts.below, left, box.y + 29, { ...ink, colour: "muted", size: 10.5, cut: "start" });
  if (isBlock) sign(pen, box.x + box.width - 14, box.y + 15, true);
  bars(pen, { x: left, y: box.y + box.height - 7, width: most }, facts, scene.most);
  if (silent !== null && silent.share > 0) dead(pen, box, silent.share);
}

/** Multiply-adds above, parameters below, beside the largest that is shown. */
function bars(
  pen: Pen,
  { x, y, width }: { x: number; y: number; width: number },
  { macs, params }: Facts,
  most: Scene["most"],
): void {
  const bar = (top: number, share: number, fill: string): void => {
    if (share > 0) pen.rect({ x, y: top, width: Math.max(1, width * share), height: 2 }, { fill });
  };
  bar(y, macs / Math.max(1, most.macs), "blue");
  bar(y + 3, params / Math.max(1, most.params), "orange");
}

/** The share of filters that never fire, from below. */
function dead(pen: Pen, { x, y, width, height }: Box, share: number): void {
  const all = { x: x + width - 8, y: y + 5, width: 4, height: height - 10 };
  pen.rect(all, { fill: "fg", opacity: 0.14 });
  const part = Math.max(1, all.height * share);
  pen.rect({ ...all, y: all.y + all.height - part, height: part }, { fill: "red" });
}

/** Plus: it can be unfolded; minus: folded. */
function sign(pen: Pen, x: number, y: number, plus: boolean): void {
  const ink = { stroke: "muted", width: 1.3 } as const;
  pen.line([x - 4, y, x + 4, y], ink);
  if (plus) pen.line([x, y - 4, x, y + 4], ink);
}

/** The line around a box: chosen, found, marked, pointed at, or as usual. */
export function borderOf(
  box: Box,
  { selected, hovered, found, mark }: Scene,
): { readonly stroke: string; readonly width: number; readonly opacity: number } {
  const { key } = box;
  if (key === selected) return { stroke: "focus", width: 2.4, opacity: 1 };
  if (found?.has(key)) return { stroke: "yellow", width: 2, opacity: 1 };
  const marked = mark(box);
  if (marked) return { stroke: marked, width: 2, opacity: 1 };
  if (key === hovered) return { stroke: "fg", width: 1.4, opacity: 1 };
  return { stroke: "muted", width: 1, opacity: 0.6 };
}
