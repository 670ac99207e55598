/** Blocks by the names of layers: `features.0.conv1` lies in `features.0`, `block2a_expand_bn` in `block2a_expand`. */
import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { isConvex } from "./convex.ts";
import { layersIn, type Group, type Item } from "./types.ts";
import type { Wiring } from "./wiring.ts";

/** Slashes and points part modules; underscores and a block's letter (`block2a`) part names of files without modules. */
const PARTS = /[/.]+|_+(?!\d+$)|(?<=\d)(?<!(?:conv|ing|pool|dropout)\d)(?=[a-z](?:_|$))/g;

interface Folder {
  readonly label: string;
  /** Names are parted by a slash or a point there: it is a module, and no mere likeness of names. */
  readonly isModule: boolean;
  readonly folders: Map<string, Folder>;
  readonly layers: number[];
}

type Named = Pick<LayerSummary, "name" | "className">;

/**
 * Layers in blocks by what their names begin with. A block that the flow leaves and comes back to is none; nor is one of one layer, or one of
 * layers of one class that are merely named alike (`add_1`, `add_2`).
 */
export function moduleBlocks(layers: readonly Named[], wiring: Wiring): readonly Item[] {
  const root = folder("", false);
  for (const layer of wiring.order) {
    let place = root;
    for (const { label, isModule } of foldersOf(at(layers, layer).name)) {
      const next = place.folders.get(label) ?? folder(label, isModule);
      place.folders.set(label, next);
      place = next;
    }
    place.layers.push(layer);
  }
  return itemsOf(root, layers, wiring).items;
}

const folder = (label: string, isModule: boolean): Folder => ({
  ...{ label, isModule, folders: new Map(), layers: [] },
});

/** What a name begins with, up to each of its parts but the last: `a.0.b` -> `a`, `a.0`. */
function foldersOf(name: string): Pick<Folder, "label" | "isModule">[] {
  const plain = name.replace(/^[/.]+/, "");
  return [...plain.matchAll(PARTS)]
    .map((part) => ({ label: plain.slice(0, part.index), isModule: /[/.]/.test(part[0]) }))
    .filter(({ label }) => label !== "");
}

interface Found {
  readonly items: readonly Item[];
  /** All the layers of the items. */
  readonly layers: readonly number[];
  /** The place in the order of execution of the first. */
  readonly first: number;
}

/** What of a folder is to be seen one level up: one block, or what is in it. */
function itemsOf(here: Folder, layers: readonly Named[], wiring: Wiring): Found {
  const found: Found[] = [
    ...here.layers.map((layer) => ({
      ...{ items: [layer], layers: [layer], first: at(wiring.rank, layer) },
    })),
    ...[...here.folders.values()].map((one) => itemsOf(one, layers, wiring)),
  ];
  // what was taken apart below lies between the others
  const sorted = found
    .flatMap((one) => (one.items.length === 1 ? [one] : apart(one, wiring)))
    .sort((a, b) => a.first - b.first);
  const items = sorted.flatMap((one) => one.items);
  const all = found.flatMap((one) => one.layers);
  const first = Math.min(...sorted.map((one) => one.first));
  const isKind = here.isModule || new Set(all.map((one) => at(layers, one).className)).size > 1;
  const isBlock = here.label !== "" && items.length > 1 && isKind && isConvex(all, wiring);
  const block: Group = { kind: "module", label: shortened(here.label), items };
  return { items: isBlock ? [block] : items, layers: all, first };
}

const apart = ({ items }: Found, { rank }: Wiring): Found[] =>
  items.map((item) => {
    const layers = layersIn(item);
    return { items: [item], layers, first: Math.min(...layers.map((layer) => at(rank, layer))) };
  });

/** Exporters to ONNX repeat the path in every part of it: `layer1/layer1.0` is `layer1.0`. */
function shortened(label: string): string {
  const parts = label.split("/");
  const isRepeated = (part: string, next: string | undefined): boolean =>
    next === part || (next?.startsWith(`${part}.`) ?? false);
  return parts.filter((part, i) => !isRepeated(part, parts[i + 1])).join("/");
}
