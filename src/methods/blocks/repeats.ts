/** The same again and again: found by what items are made of and how they are wired, not by their names. */
import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { isConvex } from "./convex.ts";
import { countIn, layersIn, type Group, type Item } from "./types.ts";
import type { Wiring } from "./wiring.ts";

/** Items in a row that are one unit of a repetition, at most. */
const LONGEST_UNIT = 24;

/** What is compared of a layer. */
export type Repeatable = Pick<LayerSummary, "className" | "outputShape" | "weights">;

/** `items`, and what is in them, where equal ones that follow each other became a block `repeat`. */
export function withRepeats(
  items: readonly Item[],
  layers: readonly Repeatable[],
  wiring: Wiring,
): readonly Item[] {
  const inside = items.map((item) =>
    typeof item === "number"
      ? item
      : wholly({ ...item, items: withRepeats(item.items, layers, wiring) }),
  );
  const made = madeOf(items, layers, wiring);
  const result: Item[] = [];
  for (let i = 0; i < inside.length;) {
    const found = repetitionAt(i, inside, made);
    const run = found && inside.slice(i, i + found.unit * found.times);
    if (found && run && isConvex(run.flatMap(layersIn), wiring)) {
      result.push({ kind: "repeat", label: "", items: unitsOf(run, found.unit) });
      i += run.length;
    } else {
      result.push(at(inside, i));
      i++;
    }
  }
  return result;
}

/** A block that is one repetition and nothing else: `blocks` x 12. */
function wholly(block: Group): Group {
  const [only] = block.items;
  return block.items.length === 1 && typeof only === "object" && only.kind === "repeat"
    ? { ...only, label: block.label }
    : block;
}

/** The items of one unit as one: itself, or a block without a name. */
const unitsOf = (run: readonly Item[], size: number): Item[] =>
  Array.from({ length: run.length / size }, (_, k) => {
    const items = run.slice(k * size, (k + 1) * size);
    const unit: Group = { kind: "unit", label: "", items };
    return size === 1 ? at(items, 0) : unit;
  });

interface Repetition {
  readonly unit: number;
  readonly times: number;
}

/** The repetition that begins at `i` and covers most, the shortest unit of those; units have two layers at least. */
function repetitionAt(i: number, items: readonly Item[], made: readonly Made[]): Repetition | null {
  let best: Repetition | null = null;
  const most = Math.min(LONGEST_UNIT, Math.floor((items.length - i) / 2));
  for (let unit = 1; unit <= most; unit++) {
    const layers = items.slice(i, i + unit).reduce<number>((sum, item) => sum + countIn(item), 0);
    if (layers < 2) continue;
    let times = 1;
    while (isUnitAgain(made, i + (times - 1) * unit, unit)) times++;
    if (times > 1 && unit * times > (best ? best.unit * best.times : 0)) best = { unit, times };
  }
  return best;
}

/** Whether the unit that begins at `i` is followed by an equal one, which it feeds. */
function isUnitAgain(made: readonly Made[], i: number, unit: number): boolean {
  let isFed = false;
  for (let place = 0; place < unit; place++) {
    const [a, b] = [made[i + place], made[i + unit + place]];
    if (!a || !b || a.body !== b.body || a.from.length !== b.from.length) return false;
    for (const [k, distance] of a.from.entries()) {
      const other = at(b.from, k);
      const isOutside = distance > place && other > place;
      if (!isOutside && distance !== other) return false;
      if (other > place && other <= place + unit) isFed = true;
    }
  }
  return isFed;
}

/** What an item is made of, in words that are equal for equal ones, and how many items before it those are that feed it. */
interface Made {
  readonly body: string;
  /** Infinity: none of these items. */
  readonly from: readonly number[];
}

function madeOf(
  items: readonly Item[],
  layers: readonly Repeatable[],
  { inputs }: Wiring,
): readonly Made[] {
  const members = items.map(layersIn);
  const itemOf = new Map(members.flatMap((list, i) => list.map((layer) => [layer, i] as const)));
  return members.map((list, i) => {
    const own = new Map(list.map((layer, place) => [layer, place]));
    const outside = [...new Set(list.flatMap((layer) => at(inputs, layer)))].filter(
      (layer) => !own.has(layer),
    );
    const body = list.map((layer) => {
      const { className, outputShape, weights } = at(layers, layer);
      const sizes = weights.map(({ shape }) => shape.join("x"));
      const from = at(inputs, layer).map((one) => own.get(one) ?? `in${outside.indexOf(one)}`);
      return [className, outputShape?.join("x"), ...sizes, "<", ...from].join(" ");
    });
    const from = outside.map((layer) => i - (itemOf.get(layer) ?? -Infinity));
    return { body: body.join("; "), from };
  });
}
