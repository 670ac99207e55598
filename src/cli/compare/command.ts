import { modelDiff, type ClassPair } from "../../methods/compare/index.ts";
import { asCompared, partnerOf, type BothCams } from "../../session/compare/comparing.ts";
import { agreement, bothAims, rankedPairs, type Side } from "../../session/compare/both-aims.ts";
import {
  feedPicture,
  isNumber,
  PictureStore,
  Runner,
  scalingText,
  ValueCache,
  type OpenModel,
} from "../../session/index.ts";
import { usageError } from "../../base/errors.ts";
import type { Call, Command, Result } from "../command.ts";
import { keepCams, keepFilters, keepMaps } from "./output.ts";
import { classRows, diffText } from "./text.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { openModel, pickLayers } from "../model/open.ts";
import { wholeNumber } from "../arguments/values.ts";
import { targetOf } from "../arguments/target.ts";
import { ofOutput, targetText } from "../output/target-text.ts";

const CACHE_BYTES = 2 ** 28;

/** Two models, or one on two pictures: layers and filters; classes, heat maps, feature maps. */
export const command: Command = {
  needsModel: true,
  takesFiles: true,
  async run(file, call) {
    const { args } = call;
    const [, , second, ...more] = args.positionals;
    const pictures = picturesOf(call, second !== undefined);
    if (more.length > 0) throw usageError(`'${more.join(" ")}' is one model too many.`);
    const a = await openModel(file, call);
    const b = second === undefined ? a : await openModel(second, call);
    const graphs = a === b ? null : await diffOf(a, b, call);
    const filters = a === b ? null : await filtersOf(a, b, call);
    const shown = pictures && (await onPictures(a, b, pictures, call));
    if (b !== a) b.close();
    a.close();
    return {
      engine: shown?.engine ?? null,
      document: {
        other: second ?? file,
        ...(pictures && { pictures }),
        ...graphs?.document,
        ...(filters && { filters }),
        ...shown?.document,
        preprocessing: [a.preprocessing, b.preprocessing],
      },
      text: [graphs?.text, shown?.text].filter((part) => part !== undefined).join("\n\n"),
    };
  },
};

/** One picture for both sides, or one for each; null: none is given. */
function picturesOf({ args }: Call, twoModels: boolean): readonly [string, string] | null {
  const [first, second, ...more] = args.sources.map(({ text }) => text);
  if (more.length > 0) throw usageError("compare takes one picture for both, or one for each.");
  if (!twoModels && second === undefined)
    throw usageError(
      "compare needs two models, or one model and two pictures: convlens compare A B, convlens compare A --image X --image Y.",
    );
  return first === undefined ? null : [first, second ?? first];
}

type Part = Pick<Result, "document" | "text">;

async function diffOf(a: OpenModel, b: OpenModel, call: Call): Promise<Part> {
  const control = controlOf(call, "weights");
  const { rows, compared } = await modelDiff(asCompared(a), asCompared(b), call, (soFar) => {
    control.progress({ fraction: soFar.compared / (soFar.comparable || 1) });
  });
  const only = (side: "a" | "b"): string[] =>
    rows.flatMap((row) => ("by" in row || row.side !== side ? [] : [row.name]));
  const totals = (of: "params" | "macs"): [number, number] => [
    a.summary.totals[of],
    b.summary.totals[of],
  ];
  return {
    document: {
      layers: rows.filter((row) => "by" in row),
      ...{ onlyInA: only("a"), onlyInB: only("b"), weightsCompared: compared },
      ...{ params: totals("params"), macs: totals("macs") },
    },
    text: [
      diffText(rows),
      ...(scalingText(a.preprocessing) === scalingText(b.preprocessing)
        ? []
        : [
            `they do not see the same: A takes ${scalingText(a.preprocessing)}; B takes ${scalingText(b.preprocessing)}`,
          ]),
    ].join("\n\n"),
  };
}

/** Of --layer where it has a kernel, else of the first convolution that both have. */
async function filtersOf(
  a: OpenModel,
  b: OpenModel,
  call: Call,
): Promise<Record<string, unknown> | null> {
  const { layers, firstKernel } = a.summary;
  const auto = (): string[] => (firstKernel === null ? [] : [firstKernel]);
  const [chosen] = pickLayers(a, call.args.values.layer, { all: auto, auto });
  const summary = layers.find(({ name }) => name === chosen?.name);
  if (!summary?.hasKernel) return null;
  const given = call.args.values.layer !== undefined;
  const pair = await Promise.resolve()
    .then(() => partnerOf(a, b, summary.name))
    .catch((error: unknown) => {
      if (given) throw error;
      return null;
    });
  return pair && keepFilters(a, b, summary.name, call);
}

async function onPictures(
  a: OpenModel,
  b: OpenModel,
  [image, otherImage]: readonly [string, string],
  call: Call,
): Promise<Part & Pick<Result, "engine">> {
  const store = new PictureStore();
  const runner = await onEngine(a, call);
  const second = a === b ? runner : new Runner(b, runner.engine, new ValueCache(CACHE_BYTES));
  const own: Side = { runner, fed: await feedPicture(a, store, image) };
  const other: Side = { runner: second, fed: await feedPicture(b, store, otherImage) };
  const target = targetOf(call.args, a);
  const both = await bothAims(own, other, target, target.named);
  const [aim] = both.aims;
  const { distance, agree } = agreement(both);
  const top = wholeNumber(call.args, "top", { fallback: 5, least: 1 });
  const classes = rankedPairs(both, top);
  const isValue = isNumber(aim);
  const pictures = [image, otherImage] as const;
  const [chosen] = pickLayers(a, call.args.values.layer, { all: () => [], auto: () => [] });
  const layer = chosen?.name ?? null;
  const spatial = a.summary.layers.some((each) => each.name === layer && each.spatial);
  const cam = await keepCams(
    both,
    own,
    other,
    { pictures, layer: spatial ? layer : null, target },
    call,
  );
  const [shown] = cam?.layers[0] ?? [];
  const maps = shown === undefined ? null : await keepMaps(own, other, shown, call);
  return {
    engine: runner.engine.info,
    document: {
      ...{ input: a.graph.inputs[0]?.name ?? null, ...ofOutput(aim, indicesOf(classes, isValue)) },
      ...(isValue ? { values: valuesOf(classes) } : { classes, distance, agree }),
      ...(cam && { cam: camFacts(cam) }),
      ...(maps && { maps }),
    },
    text: [
      ...targetText(aim, indicesOf(classes, isValue)),
      classRows(classes, distance, isValue),
    ].join("\n"),
  };
}

/** Of one number, which is no class. */
const valuesOf = (pairs: readonly ClassPair[]): readonly (number | null)[] =>
  [0, 1].map((side) => pairs[0]?.[side as 0 | 1]?.logit ?? null);
const indicesOf = (pairs: readonly ClassPair[], isValue: boolean): number[] =>
  isValue ? pairs.flatMap(([score]) => score?.index ?? []) : [];

const camFacts = ({ layers, why, scaleMax, largestDifference, pairs }: BothCams): object => ({
  ...{ layers: layers.map((names) => names.join(", ")), why, scaleMax, largestDifference },
  classes: pairs.map(({ scores }) => scores),
});
