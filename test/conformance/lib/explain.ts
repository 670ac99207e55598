/** Whether a picture can be explained: Grad-CAM at the layer of our choice and Integrated Gradients, for the likeliest two classes; and as the library does. */
import path from "node:path";
import type { Engine } from "../../../src/engine/types.ts";
import { Explained, OpenModel, Runner, ValueCache } from "../../../src/session/index.ts";
import { attributionBy, classTarget, gradCam } from "../../../src/shared/question.ts";
import { at } from "../../../src/base/at.ts";
import { takeRows } from "../../../src/base/rows.ts";
import type { TensorData } from "../../../src/base/tensor.ts";
import { readArray, toGraphOrder, type NumPyArray } from "./arrays.ts";

type OpenOptions = Parameters<typeof OpenModel.open>[1];
const LIKELIEST = { top: 2 };
const STEPS = 4;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** Why `method` gives no map of a picture [1, ...], or null: it throws, or has cells that are no numbers, or only zeros. */
export async function explainFailures(
  file: string,
  engine: Engine,
  picture: TensorData,
  options: OpenOptions,
): Promise<Readonly<Record<"Grad-CAM" | "Integrated Gradients", string | null>>> {
  const model = await OpenModel.open(file, options);
  try {
    const fed = { key: "picture", inputs: [picture] };
    const explained = new Explained(new Runner(model, engine, new ValueCache(2 ** 26)), fed);
    return {
      "Grad-CAM": await failure(async () => {
        // not at a layer that is named: a box has its own, and behind another scale's head nothing of it depends on it
        const { maps } = await explained.cam(gradCam("picture", LIKELIEST), { context });
        return maps.map(({ signed }) => signed.data);
      }),
      "Integrated Gradients": await failure(async () => {
        const asked = attributionBy("integrated-gradients", "picture", LIKELIEST);
        const question = { ...asked, steps: STEPS };
        const found: Float32Array[] = [];
        for await (const { attribution } of explained.attributions(question, () => context))
          found.push(attribution.data);
        return found;
      }),
    };
  } finally {
    engine.release(model.graph);
    model.close();
  }
}

/** An explanation that the library computed, of the first row. Of Grad-CAM there is one for each of its layers. */
export interface Told {
  readonly method: "Grad-CAM" | "Integrated Gradients";
  readonly layer: string;
  readonly class: number;
  readonly file: string;
}
interface Asked {
  readonly file: string;
  readonly engine: Engine;
  readonly told: readonly Told[];
  readonly options: OpenOptions;
}

/** Ours beside the library's. */
interface Beside {
  readonly what: string;
  readonly found: TensorData;
  readonly wanted: NumPyArray;
  /** Grad-CAM at another layer than the one that is taken by itself, which the library does not have. */
  readonly elsewhere?: true;
}

/** Grad-CAM at the layer that is taken by itself, else at the last one that both have; and Integrated Gradients. */
export async function explained(
  folder: string,
  { file, engine, told, options }: Asked,
  value: TensorData,
): Promise<Beside[]> {
  if (told.length === 0) return [];
  const model = await OpenModel.open(file, options);
  try {
    const fed = { key: "picture", inputs: [takeRows(value, 0, 1)] };
    const one = new Explained(new Runner(model, engine, new ValueCache(2 ** 26)), fed);
    const all = told.map((each) => ({ ...each, wanted: readArray(path.join(folder, each.file)) }));
    // behind its last attention a transformer's maps are all zero: that would say nothing
    const theirs = new Set(
      all.flatMap(({ layer, wanted }) => (wanted.data.some((value) => value !== 0) ? [layer] : [])),
    );
    const names = namesOf(model);
    const taken = await one.cam(gradCam("picture", LIKELIEST), { context });
    const auto = names.filter(([name]) => taken.layers.some((layer) => layer.name === name));
    const shared = [...names, ...auto].findLast((each) => each.some((name) => theirs.has(name)));
    const own = shared?.find((name) => theirs.has(name));
    const elsewhere = shared && !auto.includes(shared) && { elsewhere: true as const };
    const found: Beside[] = [];
    for (const { wanted, ...each } of all) {
      const target = [classTarget(each.class)];
      const what = [each.method, ...(each.layer ? [each.layer] : []), each.class].join(" ");
      if (each.method === "Grad-CAM") {
        if (each.layer !== own) continue;
        const question = gradCam("picture", target, shared?.[0]);
        const { maps } = await one.cam(question, { context });
        found.push({ what, found: at(maps, 0).signed, wanted, ...elsewhere });
      } else {
        const question = {
          ...attributionBy("integrated-gradients", "picture", target),
          ...{ steps: STEPS, baseline: "mean" as const },
        };
        for await (const { attribution } of one.attributions(question, () => context)) {
          const shape = [1, ...attribution.shape];
          found.push({
            what,
            found: { ...attribution, shape },
            wanted: toGraphOrder(wanted, true),
          });
        }
      }
    }
    return found;
  } finally {
    engine.release(model.graph);
    model.close();
  }
}

/** Of each layer: its names, and those of the modules that end with it. */
function namesOf({ graph: { layers } }: OpenModel): (readonly string[])[] {
  const last = new Map<string, string>();
  const modules = (name: string): string[] =>
    name.split(".").map((_, i, words) => words.slice(0, i).join("."));
  for (const { name } of layers) for (const module of modules(name)) last.set(module, name);
  return layers.map(({ name, aliases = [] }) => [
    ...[name, ...aliases],
    ...modules(name).filter((module) => module !== "" && last.get(module) === name),
  ]);
}

async function failure(maps: () => Promise<readonly Float32Array[]>): Promise<string | null> {
  try {
    for (const map of await maps()) {
      if (!map.every(Number.isFinite)) return "it has cells that are no numbers";
      if (map.every((value) => value === 0)) return "all of it is zero";
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
