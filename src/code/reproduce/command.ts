/** The command line that makes what a lens shows. */
import { NAMED_SCALINGS, type Preprocessing } from "../../base/preprocessing.ts";
import { layerOf, type Facts } from "./types.ts";

/** As a POSIX shell reads it. */
const quoted = (word: string): string =>
  /^[\w./:=,@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

export function commandLine(facts: Facts): string {
  const { summary } = facts;
  return ["convlens", ...wordsOf(facts, summary.path), ...preprocessing(summary.preprocessing)]
    .map(quoted)
    .join(" ");
}

function wordsOf(facts: Facts, model: string): string[] {
  const { shown } = facts;
  const layer = layerOf(facts);
  const at = layer === null ? [] : ["--layer", layer];
  const image =
    shown.image === null ? [] : [/\.npy$/i.test(shown.image) ? "--input" : "--image", shown.image];
  const classes = ["--class", shown.classes.length > 0 ? shown.classes.join(",") : "top"];
  switch (shown.lens) {
    case "filters":
      return ["filters", model, ...at, "--out", "filters"];
    case "activations":
      return ["activations", model, ...at, ...image, "--out", "maps"];
    case "cam":
      return [
        "cam",
        model,
        ...at,
        ...image,
        ...classes,
        "--method",
        shown.camMethod,
        "--out",
        "cam",
      ];
    case "maximize":
      return ["maximize", model, ...maximized(facts, at), "--out", "maximized"];
    case "attribute":
      return [
        "attribute",
        model,
        ...image,
        ...classes,
        "--method",
        shown.attribution,
        "--out",
        "attribution",
      ];
    case "attack":
      return ["attack", model, ...image, "--out", "attacked"];
    case "compare":
      return ["compare", model, ...compared(facts, image), "--out", "compared"];
    case "model":
    case "training":
      return shown.image === null ? ["inspect", model] : ["predict", model, ...image];
  }
}

const maximized = ({ shown }: Facts, at: readonly string[]): string[] =>
  shown.maximize === "classes"
    ? ["--class", String(shown.classes[0] ?? 0)]
    : [...at, "--filter", String(shown.filter ?? 0)];

function compared({ shown }: Facts, image: readonly string[]): string[] {
  const other =
    shown.otherImage === null || shown.image === null ? [] : ["--image", shown.otherImage];
  return [...(shown.other === null ? [] : [shown.other]), ...image, ...other];
}

/** Only what a person chose: the rest the command finds itself. */
function preprocessing({ source, order, scale, mean, std, fit }: Preprocessing): string[] {
  if (source !== "user") return [];
  const named = Object.entries(NAMED_SCALINGS).find(
    ([, known]) =>
      known.order === order &&
      known.scale === scale &&
      known.mean.join() === mean.join() &&
      known.std.join() === std.join(),
  );
  if (named && fit === "crop") return ["--preprocess", named[0]];
  const all = [`mean=${mean.join(":")}`, `std=${std.join(":")}`, `scale=${String(scale)}`];
  return ["--preprocess", [...all, `order=${order}`, `fit=${fit}`].join(",")];
}
