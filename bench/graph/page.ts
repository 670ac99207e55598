/** Runs in the browser: the graph of a large network, laid out, drawn, moved and zoomed. `run` is called by run.mjs. */
import { at } from "../../src/base/at.ts";
import { networkGraph } from "../../src/methods/blocks/index.ts";
import type { ModelSummary } from "../../src/shared/contract/model.ts";
import { residualLayers } from "../../test/support/synthetic-layers.ts";
import { palette } from "../../webview/common/styles/index.ts";
import type { Scene } from "../../webview/lenses/graph/draw/types.ts";
import { FactsOf } from "../../webview/lenses/graph/facts.ts";
import { levelsOf } from "../../webview/lenses/graph/layout/levels.ts";
import { Placer } from "../../webview/lenses/graph/layout/place.ts";
import type { ConvlensNetwork } from "../../webview/lenses/graph/network.ts";
import { allBlocks } from "../../webview/lenses/graph/open.ts";
import { shapesOn } from "../../webview/lenses/graph/shapes.ts";
import "../../webview/lenses/graph/network.ts";

export interface GraphCosts {
  readonly nodes: number;
  /** Milliseconds of laying out, on a thread of its own in the panel. */
  readonly layout: number;
  /** Milliseconds from the moment the drawing is there until the frame that shows it. */
  readonly firstPaint: number;
  readonly gestures: readonly Gesture[];
}
interface Gesture {
  readonly name: string;
  readonly framesPerSecond: number;
  /** Milliseconds between frames that 95 % stay below. */
  readonly frame95: number;
  /** Milliseconds of drawing in a frame, the median: what is left of 20 is for the rest of the page. */
  readonly drawing: number;
}

const nextFrame = (): Promise<number> =>
  new Promise((resolve) => requestAnimationFrame((time) => setTimeout(resolve, 0, time)));

/** All of a residual network, every node with a small picture, or without any. */
function sceneOf(
  layers: number,
  pictures: boolean,
): { scene: Omit<Scene, "hovered">; layout: number } {
  const own = residualLayers(layers, true);
  const graph = networkGraph(own);
  const start = performance.now();
  const all = new Set([graph.network, ...allBlocks(graph.network)].map(({ id }) => id));
  const drawing = new Placer(levelsOf(graph)).draw(all);
  const layout = performance.now() - start;
  const facts = new FactsOf({ layers: own } as unknown as ModelSummary);
  const picture = new OffscreenCanvas(56, 56);
  const context = picture.getContext("2d");
  if (context) {
    context.fillStyle = "teal";
    context.fillRect(0, 0, 40, 40);
  }
  const parents = new Map(drawing.boxes.map(({ key, parent }) => [key, parent]));
  const scene: Omit<Scene, "hovered"> = {
    ...{ drawing, selected: null, found: null, most: { params: 1000, macs: 1e6 } },
    facts: facts.ofBox,
    words: shapesOn(drawing, own),
    leaves: ({ from, to }) => parents.get(from) === to,
    thumbnail: () => (pictures ? picture : null),
    weight: () => null,
    dead: () => null,
    mark: () => null,
  };
  return { scene, layout };
}

/** A gesture for some seconds, a step of it in every frame. */
async function gesture(name: string, seconds: number, step: (i: number) => void): Promise<Gesture> {
  const times: number[] = [];
  const work: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < end; i++) {
    step(i);
    const time = await new Promise<number>((resolve) =>
      requestAnimationFrame((began) => {
        work.push(performance.now() - began);
        resolve(began);
      }),
    );
    times.push(time);
  }
  const steps = times.slice(1).map((time, i) => time - at(times, i));
  const sorted = steps.toSorted((a, b) => a - b);
  return {
    name,
    framesPerSecond: (1000 * steps.length) / steps.reduce((sum, one) => sum + one, 0),
    frame95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    drawing: work.toSorted((a, b) => a - b)[work.length >> 1] ?? 0,
  };
}

/** Drags to and fro, as a hand does: by events of the pointer. */
function drag(network: ConvlensNetwork, dx: number, dy: number): (i: number) => void {
  const viewport = network.shadowRoot?.querySelector(".viewport");
  if (!viewport) throw new Error("no viewport");
  viewport.setPointerCapture = () => undefined;
  const fire = (type: string, x: number, y: number): boolean =>
    viewport.dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: y, button: 0, bubbles: true, pointerId: 1 }),
    );
  fire("pointerdown", 500, 400);
  let [x, y] = [500, 400];
  return (i) => {
    const way = i % 120 < 60 ? 1 : -1;
    [x, y] = [x + way * dx, y + way * dy];
    fire("pointermove", x, y);
  };
}
function drop(network: ConvlensNetwork): void {
  network.shadowRoot
    ?.querySelector(".viewport")
    ?.dispatchEvent(new PointerEvent("pointercancel", { bubbles: true }));
}

async function run(asked: {
  readonly layers: number;
  readonly pictures: boolean;
  readonly seconds: number;
}): Promise<GraphCosts> {
  const style = new CSSStyleSheet();
  style.replaceSync(palette.cssText.replaceAll(":host", "body"));
  document.adoptedStyleSheets = [style];
  const { scene, layout } = sceneOf(asked.layers, asked.pictures);
  const network = document.createElement("convlens-network");
  document.body.replaceChildren(network);
  await network.updateComplete;
  await nextFrame();
  const done = new Promise((resolve) => {
    network.addEventListener("graph-painted", resolve, { once: true });
  });
  const start = performance.now();
  network.scene = scene;
  await done;
  await nextFrame();
  const firstPaint = performance.now() - start;
  const gestures: Gesture[] = [];
  const move = async (name: string, dx: number, dy: number): Promise<void> => {
    const step = drag(network, dx, dy);
    gestures.push(await gesture(name, asked.seconds, step));
    drop(network);
    await nextFrame();
  };
  const zoom = async (name: string): Promise<void> => {
    const step = (i: number): void => network.zoom(i % 120 < 60 ? 1.03 : 1 / 1.03);
    gestures.push(await gesture(name, asked.seconds, step));
  };
  await move("moved where it can be read", 3, -11);
  await zoom("zoomed there");
  network.fit();
  await nextFrame();
  await move("moved, all of it seen", 2, -2);
  await zoom("zoomed from there");
  network.fit();
  const box = (scene.drawing.height / Math.max(1, network.clientHeight)) * 0.36;
  network.zoom(box);
  await nextFrame();
  await move("moved where words just show", 3, -9);
  return {
    nodes: scene.drawing.boxes.filter(({ open }) => !open).length,
    layout,
    firstPaint,
    gestures,
  };
}

Object.assign(globalThis, { run });
