/** The command line that makes what is shown: every part of a question is a word of it, by type. */
import { NAMED_SCALINGS, type Preprocessing } from "../../base/preprocessing.ts";
import { ATTACKS, ATTRIBUTIONS } from "../../shared/catalogue.ts";
import type { Shown } from "../../shared/contract/code.ts";
import type {
  AttackQuestion,
  AttributeQuestion,
  CamQuestion,
  MaximizeOptions,
  MaximizeQuestion,
  MaximizeTarget,
  OfOutput,
  Targets,
} from "../../shared/question.ts";
import { whereText } from "../../shared/where.ts";
import { layerOf, type Facts } from "./types.ts";

/** As a POSIX shell reads it. */
const quoted = (word: string): string =>
  /^[\w./:=,@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** One command, or one after another where targets are of several layers. */
export function commandLine(facts: Facts): string {
  const { summary, shown } = facts;
  return wordsOf(facts, shown)
    .map(([command, ...words]) =>
      [
        ...["convlens", command, summary.path, ...words],
        // kernels are shown as they are
        ...(command === "filters" ? [] : preprocessing(summary.preprocessing)),
      ]
        .map(quoted)
        .join(" "),
    )
    .join(" && ");
}

type Words = readonly [command: string, ...words: string[]];

function wordsOf(facts: Facts, shown: Shown): Words[] {
  switch (shown.kind) {
    case "model":
      return [shown.image === null ? ["inspect"] : ["predict", ...imageWords(shown.image)]];
    case "filters":
      return [["filters", ...layerWords(layerOf(facts)), "--out", "filters"]];
    case "activations":
      return [
        ["activations", ...layerWords(layerOf(facts)), ...imageWords(shown.image), "--out", "maps"],
      ];
    case "compare":
      return [["compare", ...compared(shown), "--out", "compared"]];
    case "cam":
      return [["cam", ...written(CAM, shown), "--out", "cam"]];
    case "attribute":
      return [["attribute", ...written(ATTRIBUTE, shown), "--out", "attribution"]];
    case "attack":
      return [["attack", ...written(ATTACK, shown), "--out", "attacked"]];
    case "maximize":
      return apart(shown.targets).map((targets) => [
        "maximize",
        ...written(MAXIMIZE, { ...shown, targets }),
        ...["--out", "maximized"],
      ]);
  }
}

/** How each part of a question is said: leaving one out does not compile. */
type Wording<Q> = { readonly [K in keyof Required<Q>]: (value: Q[K], question: Q) => string[] };

function written<Q extends object>(wording: Wording<Q>, question: Q): string[] {
  return (Object.keys(wording) as (keyof Q)[]).flatMap((part) =>
    wording[part](question[part], question),
  );
}

const nothing = (): string[] => [];
/** `--name value`, but for a value that the command takes by itself. */
const unless =
  <T extends string | number | null>(usual: T, name: string) =>
  (value: T): string[] =>
    value === usual || value === null ? [] : [name, String(value)];
const layerWords = (layer: string | null): string[] => (layer === null ? [] : ["--layer", layer]);
const imageWords = (image: string | null): string[] =>
  image === null ? [] : [/\.npy$/i.test(image) ? "--input" : "--image", image];
const targetWords = (targets: Targets): string[] => {
  if (!("top" in targets)) return ["--class", targets.map(({ index }) => index).join(",")];
  return ["--class", targets.top === 1 ? "top" : `top:${targets.top}`];
};

/** Of what in the answer. */
const PLACE: Wording<OfOutput> = {
  output: unless<string | null>(null, "--output"),
  where: (where) => (where ? ["--target", whereText(where)] : []),
};
/** The same, and over which picture. */
const OVER: Wording<Pick<CamQuestion, "score" | "on"> & OfOutput> = {
  score: unless<CamQuestion["score"]>(null, "--score"),
  ...PLACE,
  on: unless<string | null>(null, "--on"),
};

const CAM: Wording<CamQuestion> = {
  kind: nothing,
  layers: (layers) => {
    // of others beside it the automatic one has to be known, see `withLayers` of the compute process
    const names = layers.filter((name) => name !== "auto");
    return layerWords(names.length > 0 ? names.join(",") : null);
  },
  image: imageWords,
  targets: targetWords,
  minus: (minus) => (minus ? ["--minus", String(minus.index)] : []),
  method: (method) => ["--method", method],
  ...OVER,
};

const ATTRIBUTE: Wording<AttributeQuestion> = {
  kind: nothing,
  image: imageWords,
  targets: targetWords,
  method: (method) => ["--method", method],
  layer: layerWords,
  steps: (steps, { method }) =>
    steps === null || !ATTRIBUTIONS[method].options.steps ? [] : ["--steps", String(steps)],
  seed: unless<number>(0, "--seed"),
  baseline: unless<AttributeQuestion["baseline"]>("black", "--baseline"),
  ...OVER,
};

/** Said only of a method that makes use of it. */
const ifUsed =
  (option: "pixels" | "population" | "steps" | "seed") =>
  (value: number, { method }: AttackQuestion): string[] =>
    ATTACKS[method].options[option] === undefined ? [] : [`--${option}`, String(value)];

const ATTACK: Wording<AttackQuestion> = {
  kind: nothing,
  image: imageWords,
  method: (method) => ["--method", method],
  trueClass: unless<number | null>(null, "--class"),
  target: unless<number | null>(null, "--toward"),
  ...PLACE,
  pixels: ifUsed("pixels"),
  population: ifUsed("population"),
  generations: ifUsed("steps"),
  seed: ifUsed("seed"),
};

const OPTIONS: Wording<MaximizeOptions> = {
  copies: (copies = 1) => (copies > 1 ? ["--copies", String(copies)] : []),
  diversity: (weight, { copies = 1 }) =>
    copies > 1 && weight !== undefined ? ["--diversity", String(weight)] : [],
  totalVariation: (weight = 0) => unless<number>(0, "--tv")(weight),
  l1: (weight = 0) => unless<number>(0, "--l1")(weight),
  l2: (weight = 0) => unless<number>(0, "--l2")(weight),
  direction: (direction) => (direction ? ["--direction", "direction.npy"] : []),
  cosinePower: (power = 0) => unless<number>(0, "--cosine-power")(power),
};

const MAXIMIZE: Wording<MaximizeQuestion> = {
  kind: nothing,
  targets: maximizedWords,
  recipe: (recipe) => ["--method", recipe],
  steps: unless<number | null>(null, "--steps"),
  seed: unless<number>(0, "--seed"),
  options: (options = {}) => written(OPTIONS, options),
  images: (images = []) => images.flatMap(imageWords),
  ...PLACE,
};

/** Of one layer and cell, of classes, or one expression. */
function maximizedWords(targets: readonly MaximizeTarget[]): string[] {
  const [first] = targets;
  if (!first) return [];
  if ("expression" in first) return ["--objective", first.expression];
  if ("classIndex" in first)
    return [
      "--class",
      targets.flatMap((one) => ("classIndex" in one ? one.classIndex : [])).join(","),
    ];
  const filters = targets.flatMap((one) => ("filter" in one ? one.filter : []));
  const cell = first.cell ? ["--neuron", first.cell.join(",")] : [];
  return ["--layer", first.layer, "--filter", filters.join(","), ...cell];
}

/** Targets that one command makes. */
function apart(targets: readonly MaximizeTarget[]): MaximizeTarget[][] {
  const groups = new Map<string, MaximizeTarget[]>();
  for (const target of targets) {
    const key = JSON.stringify(
      "layer" in target ? [target.layer, target.cell] : "classIndex" in target ? "class" : target,
    );
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()];
}

function compared({
  other,
  image,
  otherImage,
  of: { classes, ...place },
}: Shown & { readonly kind: "compare" }): string[] {
  const named = classes.length > 0 ? ["--class", classes.join(",")] : [];
  const asked = image === null ? [] : [...written(PLACE, place), ...named];
  const second = otherImage === null || image === null ? [] : ["--image", otherImage];
  return [...(other === null ? [] : [other]), ...imageWords(image), ...second, ...asked];
}

/** Only what a person chose: the rest the command finds itself. */
function preprocessing(how: Preprocessing): string[] {
  const { source, order, scale, mean, std, fit, cropped, interpolation } = how;
  if (source !== "user") return [];
  const named = Object.entries(NAMED_SCALINGS).find(
    ([, known]) =>
      known.order === order &&
      known.scale === scale &&
      known.mean.join() === mean.join() &&
      known.std.join() === std.join(),
  );
  const resized = [
    ...(cropped === undefined ? [] : [`cropped=${cropped}`]),
    ...(interpolation === undefined ? [] : [`interpolation=${interpolation}`]),
  ];
  if (named && fit === "crop" && resized.length === 0) return ["--preprocess", named[0]];
  const all = [`mean=${mean.join(":")}`, `std=${std.join(":")}`, `scale=${String(scale)}`];
  return ["--preprocess", [...all, `order=${order}`, `fit=${fit}`, ...resized].join(",")];
}
