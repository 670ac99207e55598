/** What is said of a network beside its weights: by the file itself (a training's hyper-parameters), and by a config.json that lies beside. */
import path from "node:path";
import {
  isCropped,
  isInterpolation,
  type Interpolation,
  type PixelScaling,
  type Resizing,
} from "../../base/preprocessing.ts";
import { plainText } from "../../base/plain-text.ts";
import { STRUCTURE_FILES, type Match, type Told } from "../../formats/index.ts";
import type { Generation } from "../../files/generation.ts";
import { readBounded } from "../../files/read-bounded.ts";
import {
  flatNumbers,
  isList,
  isObject,
  member,
  parseJson,
  text,
  type Json,
} from "../../formats/json.ts";

/** One who says something, with what: `config.json, which lies beside it,`. */
export interface Said {
  readonly by: string;
  readonly values: Json;
  /** By a file that lies in the folder, and may be another network's. */
  readonly beside?: boolean;
}

const MOST_BYTES = 2 ** 20;
/** The network's, and that of the library that prepares pictures for it. */
const FILES = ["config.json", "preprocessor_config.json"];

/** What timm, Hugging Face and `save_pretrained` write beside a file of weights: of the files that are there. */
export async function saidBeside(weights: string, files: Generation): Promise<readonly Said[]> {
  const found: Said[] = [];
  for (const name of FILES) {
    const file = path.join(path.dirname(path.resolve(weights)), name);
    files.add(file);
    try {
      const bytes = await readBounded(file, { what: "The configuration", most: MOST_BYTES });
      const values = parseJson(bytes.toString("utf8"), `'${name}'`);
      if (isObject(values))
        found.push({ by: `${name}, which lies beside it,`, values, beside: true });
    } catch {
      // it is not there, or no such file
    }
  }
  return found;
}

/** Keys whose value is the name of an architecture. */
const NAMING =
  /^(arch(itecture)?|model(_name|_type)?|backbone|net(work)?|name|variant|encoder(_name)?)$/;
const MOST_LEVELS = 3;

/** Names of the library that it may mean: `resnet50`, `smp/Unet-resnet34`; tags of weights (`.a1_in1k`) are left out. */
export function namesIn({ values }: Said): readonly string[] {
  const found: string[] = [];
  const visit = (value: Json, level: number): void => {
    if (!isObject(value) || level > MOST_LEVELS) return;
    const kind = text(member(value, "_model_class")) ?? text(member(value, "arch"));
    const encoder = text(member(value, "encoder_name"));
    if (kind !== null && encoder !== null) found.push(`smp/${kind}-${encoder}`);
    for (const [key, item] of Object.entries(value)) {
      if (isObject(item)) visit(item, level + 1);
      else if (NAMING.test(key) && typeof item === "string")
        found.push(item.replace(/^(timm|torchvision)[./](models\.)?/, "").replace(/\.\w+$/, ""));
    }
  };
  visit(values, 0);
  return found;
}

/** What a setting of a constructor is there; undefined where it is not told. */
export const settingIn = ({ values }: Said, key: string): Json | undefined =>
  everywhere(values, key)[0];

/** Names of classes; null where there are none. */
export function labelsIn({ values }: Said): readonly string[] | null {
  for (const key of [
    "label_names",
    "class_names",
    "classes",
    "labels",
    "names",
    "id2label",
    "idx_to_class",
  ])
    for (const value of everywhere(values, key)) {
      const listed = isList(value) ? value : byNumber(value);
      const names = listed?.map((name) => (typeof name === "string" ? plainText(name) : ""));
      if (names && names.length > 0 && !names.includes("")) return names;
    }
  const [indices] = everywhere(values, "class_to_idx");
  if (!isObject(indices)) return null;
  const sorted = Object.entries(indices).sort(([, a], [, b]) => Number(a) - Number(b));
  return sorted.every(([, index], i) => index === i)
    ? sorted.map(([name]) => plainText(name))
    : null;
}

/** `{ "0": "cat", "1": "dog" }` as a list; null where a number is missing. */
function byNumber(value: Json): readonly Json[] | null {
  if (!isObject(value)) return null;
  const names = Object.keys(value).map((_, i) => member(value, String(i)));
  return names.every((name) => name !== undefined) ? names : null;
}

/** How pictures were scaled, from 0..1: a mean and a standard deviation for each channel; null where they are not told. */
export function scalingIn({ values }: Said): PixelScaling | null {
  const [mean, std] = ["mean", "std"].map((key) =>
    flatNumbers(everywhere(values, key)[0] ?? everywhere(values, `image_${key}`)[0]),
  );
  const are = (list: readonly number[] | null | undefined): list is number[] =>
    list !== null &&
    list !== undefined &&
    [1, 3].includes(list.length) &&
    list.every(Number.isFinite);
  if (!are(mean) || !are(std) || std.includes(0) || mean.length !== std.length) return null;
  // in 0..255, as some configurations have them
  const whole = mean.some((value) => value > 2);
  return { order: mean.length === 1 ? "gray" : "rgb", scale: whole ? 1 : 1 / 255, mean, std };
}

/** Pillow's numbers of filters, which Hugging Face writes. */
const RESAMPLE: ReadonlyMap<Json, Interpolation> = new Map([
  [2, "bilinear"],
  [3, "bicubic"],
]);

/** How pictures were resized: as timm says (crop_pct, crop_mode), or a processor of Hugging Face (size, crop_size). */
export function resizingIn({ values }: Said): Partial<Resizing> {
  const first = (key: string): Json | undefined => everywhere(values, key)[0];
  const interpolation = first("interpolation") ?? RESAMPLE.get(first("resample") ?? null);
  return {
    ...(isInterpolation(interpolation) && { interpolation }),
    ...(first("image_mean") === undefined ? croppedByTimm(first) : croppedByProcessor(first)),
  };
}

type First = (key: string) => Json | undefined;
type Cropping = Pick<Partial<Resizing>, "fit" | "cropped">;

function croppedByTimm(first: First): Cropping {
  const percent = first("crop_pct");
  return {
    ...(isCropped(percent) && { cropped: percent }),
    ...(first("crop_mode") === "squash" && { fit: "squash" }),
  };
}

/** ConvNeXt's pictures of this side and larger are not cut. */
const UNCUT = 384;

function croppedByProcessor(first: First): Cropping {
  const [size = null, cut = null] = [first("size"), first("crop_size")];
  const shortest = member(size, "shortest_edge");
  const side = Number(shortest ?? member(size, "height") ?? size);
  const percent = first("crop_pct");
  if (isCropped(percent)) return side < UNCUT ? { cropped: percent } : { fit: "squash" };
  const kept = Number(member(cut, "height") ?? cut ?? side) / side;
  const cuts = first("do_center_crop") !== false && isCropped(kept) && kept < 1;
  return {
    ...(shortest === undefined && !Number.isNaN(side) && { fit: "squash" }),
    ...(cuts && { cropped: kept }),
  };
}

/** Values under a key, the outermost first. */
function everywhere(values: Json, key: string): readonly Json[] {
  const found: Json[] = [];
  let level: readonly Json[] = [values];
  for (let depth = 0; depth <= MOST_LEVELS; depth++) {
    for (const value of level) {
      const own = member(value, key);
      if (own !== undefined && own !== null) found.push(own);
    }
    level = level.flatMap((value) =>
      isObject(value) ? Object.values(value).filter(isObject) : [],
    );
  }
  return found;
}

/** What is known of a match, and what is said of it: that comes first, but for a configuration of another network that lies in the folder. */
export function withSaid({ structure, told = {} }: Match, said: readonly Said[]): Told {
  const isFile = STRUCTURE_FILES.test(structure.name);
  // transformers' configurations name the family alone
  const named = (name: string): boolean =>
    structure.name.endsWith(name.replace("/", " ")) ||
    structure.name.startsWith(`transformers ${name}-`);
  const own = said.filter(({ beside }) => beside);
  const isOfIt = isFile || own.some((one) => namesIn(one).some(named));
  const of = isOfIt ? said : said.filter(({ beside }) => !beside);
  const labels = of.map(labelsIn).find((list) => list !== null);
  const [scaling] = of.flatMap((each) => {
    const found = scalingIn(each);
    return found ? [{ ...found, ...resizingIn(each), why: `As ${each.by} says.` }] : [];
  });
  return { ...told, ...(labels && { labels }), ...(scaling && { scaling }) };
}
