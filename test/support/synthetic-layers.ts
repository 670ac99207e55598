import type { LayerSummary } from "../../src/shared/contract/model.ts";

/** A layer as a summary tells of it. */
export const layerNamed = (
  name: string,
  className: string,
  inputs: readonly string[],
  extra: Partial<LayerSummary> = {},
): LayerSummary => ({
  ...{
    name,
    className,
    op: "other",
    inputs,
    outputShape: null,
    mapShape: null,
    params: 0,
    macs: 0,
  },
  ...{ receptiveField: null, weights: [], hasKernel: false, pictures: [], spatial: false },
  ...{ activated: false, rectified: false, opaque: null, blockedBy: [], aliases: [] },
  ...{ source: null, note: null },
  ...extra,
});

const STAGES = 4;

/**
 * A residual network of about `count` layers: stages of blocks, and in each of them convolution, norm and activation twice, and a sum with
 * what came in. `named`: by modules (`stage2.7.conv1`), else as exporters count (`conv_57`).
 */
export function residualLayers(count: number, named: boolean): LayerSummary[] {
  const layers: LayerSummary[] = [layerNamed("input", "Input", [], { op: "input" })];
  const blocks = Math.max(1, Math.round((count - 2) / 7 / STAGES));
  let last = "input";
  const add = (
    path: string,
    [className, op]: readonly [string, LayerSummary["op"]],
    inputs: readonly string[],
    size: number,
  ): string => {
    const name = named ? path : `${className.toLowerCase()}_${layers.length}`;
    const shape = [null, size, size, 2048 / size];
    const extra = { op, outputShape: shape, mapShape: shape, params: 1000, macs: 1e6 };
    layers.push(layerNamed(name, className, inputs, extra));
    return name;
  };
  for (let stage = 0; stage < STAGES; stage++)
    for (let block = 0; block < blocks; block++) {
      const size = 64 >> stage;
      const path = `stage${stage}.${block}`;
      let at = last;
      for (const half of [1, 2])
        for (const [part, made] of [
          ["conv", ["Conv2d", "conv"]],
          ["norm", ["BatchNorm2d", "norm"]],
          ["act", ["ReLU", "activation"]],
        ] as const)
          at = add(`${path}.${part}${half}`, made, [at], size);
      last = add(`${path}.add`, ["Add", "merge"], [last, at], size);
    }
  layers.push(layerNamed("head", "Linear", [last], { op: "dense" }));
  return layers;
}
