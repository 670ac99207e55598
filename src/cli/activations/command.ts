import { asMaps, drawMaps, mapNode, mapStatistics } from "../../methods/activations/index.ts";
import { overviewLayers } from "../../methods/activations/overview-layers.ts";
import type { OpenModel } from "../../session/open/model.ts";
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Command } from "../command.ts";
import { concat, inBatches, withoutBatch } from "../model/batches.ts";
import { onEngine } from "../model/engine.ts";
import { squareColumns, tileGrid } from "../../pictures/index.ts";
import { notesOf, readInputs } from "../arguments/inputs.ts";
import { openRunnable, pickLayers } from "../model/open.ts";
import { shapeText, short, table } from "../output/table.ts";

/** Feature maps of pictures, layer by layer; which of them are dead or constant on all pictures. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts } = call;
    const model = await openRunnable(file, call);
    const layers = pickLayers(model, args.values.layer, {
      all: () => computable(model),
      auto: () => overviewLayers(model.summary.layers),
    });
    if (layers.length === 0) throw inputError(`${model.summary.name} has no feature maps.`);
    // tokens are written as the layer has them, and drawn as the maps that they are
    const outputs = layers.map((layer) => layer.output ?? mapNode(model.graph, layer, false));
    const maps = layers.map((layer) => mapNode(model.graph, layer, false));
    const nodes = [...new Set([...outputs, ...maps])];
    const given = await readInputs(model, call);
    const runner = await onEngine(model, call);
    const parts = await inBatches(given, call, (fed) => runner.values(fed, nodes));
    const activated = new Set(
      model.summary.layers.filter((layer) => layer.rectified).map(({ name }) => name),
    );
    const described = [];
    for (const [i, layer] of layers.entries()) {
      const [output, drawn] = [outputs, maps].map((of) => nodes.indexOf(at(of, i))) as [
        number,
        number,
      ];
      const value = concat(parts, drawn);
      await artifacts.array(layer.name, withoutBatch(concat(parts, output)));
      const isVolume = layer.maps?.[0]?.slices !== undefined;
      if (drawn !== output && !isVolume)
        await artifacts.array(`${layer.name}:maps`, withoutBatch(value));
      await artifacts.picture(layer.name, () => draw(value));
      described.push(describe(layer.name, value, activated.has(layer.name)));
    }
    const arrayOf = (name: string) => artifacts.arrays.find((array) => array.name === name);
    return {
      engine: runner.engine.info,
      document: {
        ...{ pictures: given.count, layers: described, preprocessing: model.preprocessing },
        ...notesOf(given),
      },
      text: `${table(
        ["layer", "maps", "min", "max", "dead", "constant"],
        described.map((layer) => [
          layer.name,
          shapeText(layer.shape),
          short(arrayOf(layer.name)?.min ?? NaN),
          short(arrayOf(layer.name)?.max ?? NaN),
          String(layer.dead.length),
          String(layer.constant.length),
        ]),
      )}\n\ndead and constant over ${given.count} picture${given.count === 1 ? "" : "s"}`,
    };
  },
};

function computable(model: OpenModel): string[] {
  return model.summary.layers
    .filter(({ outputShape, blockedBy, op }) => outputShape && !blockedBy.length && op !== "input")
    .map(({ name }) => name);
}

/** Channels that are dead or constant on all the pictures. */
function describe(
  name: string,
  { shape, data }: FloatTensor,
  activated: boolean,
): {
  name: string;
  shape: readonly number[];
  dead: readonly number[];
  constant: readonly number[];
} {
  const channels = shape.at(-1) ?? 1;
  const cells = data.length / channels;
  const maps: FloatTensor = { dtype: "float32", shape: [cells, 1, channels], data };
  const { dead, constant } = mapStatistics(maps, activated);
  return { name, shape: shape.slice(1), dead, constant };
}

function draw(value: FloatTensor): Uint8Array {
  const maps = asMaps(value);
  const { tiles } = drawMaps(maps, "map", 0, at(maps.shape, 2), false);
  return tileGrid(tiles, squareColumns(tiles.count), "viridis");
}
