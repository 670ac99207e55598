import { axes } from "../../base/axes.ts";
import type { CamMethod } from "../../shared/catalogue.ts";
import type { Layer, ModelGraph } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { mapNode } from "../activations/index.ts";
import {
  checkContrast,
  classMaps,
  contrast,
  merged,
  type ClassMap,
  type MapsRequest,
} from "./index.ts";
import type { Slices } from "./upsample.ts";

/** Maps of a picture at one or several layers. */
export interface LayersRequest extends Omit<MapsRequest, "layer" | "source" | "maps" | "value"> {
  readonly layers: readonly Layer[];
  /** A class whose map is subtracted from each. */
  readonly minus: number | null;
  readonly method: CamMethod;
  /** The picture that the maps lie over: an input, by its name. */
  readonly over: string;
  /** The value of a layer's output for the picture. */
  readonly valueOf: (node: string) => Promise<FloatTensor>;
}

/** How many slices the maps of a layer have, and the volume that they lie over; undefined: it is a picture. */
export function slicesOf(
  { inputs }: Pick<ModelGraph, "inputs">,
  { maps = [] }: Layer,
  over: string,
): Slices | undefined {
  const of = inputs.find(({ name }) => name === over)?.slices;
  const own = maps.find(({ input }) => input === over)?.slices;
  return of !== undefined && own !== undefined ? [own, of] : undefined;
}

/**
 * The maps of the classes: at one layer as they are, of several merged into one of the input's size. Throws a usage error for a
 * subtraction that the method does not allow.
 */
export async function mapsAtLayers(request: LayersRequest): Promise<ClassMap[]> {
  const { layers, minus, classes, method, scores, soFar } = request;
  if (minus !== null) checkContrast(method);
  const all = minus === null ? classes : [...classes, minus];
  const finish = (found: readonly ClassMap[]): ClassMap[] => {
    const subtracted = minus === null ? undefined : found.at(-1);
    return found
      .slice(0, classes.length)
      .map((map) => (subtracted ? contrast(map, subtracted) : map));
  };
  const [, height, width] = axes(request.baseline.shape, 4);
  const done: ClassMap[][] = [];
  for (const layer of layers) {
    const maps = mapNode(scores.graph, layer, false, request.over);
    const source = layer.output ?? maps;
    const value = await request.valueOf(maps);
    const together = (found: readonly ClassMap[]): ClassMap[] => {
      const each = [...done, finish(found)];
      return layers.length === 1 ? (each[0] ?? []) : merged(each, [height, width]);
    };
    const found = await classMaps({
      ...{ ...request, layer: layer.name, source, maps, value, classes: all },
      slices: slicesOf(scores.graph, layer, request.over),
      ...(soFar && { soFar: (some) => soFar(together(some)) }),
    });
    done.push(finish(found));
  }
  const [only = []] = done;
  return layers.length === 1 ? only : merged(done, [height, width]);
}
