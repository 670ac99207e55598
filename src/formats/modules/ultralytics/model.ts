/** The networks of Ultralytics' files: layers in a list, each of which tells from which others it takes (`f`). */
import { plainText } from "../../../base/plain-text.ts";
import type { ModelGraph } from "../../../graph/index.ts";
import { at } from "../../../base/at.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Ref } from "../../pt2/schema.ts";
import { isDict, isSequence } from "../../pytorch/pickle/values.ts";
import type { Classes, Forward, Module } from "../module.ts";
import { only } from "../walk.ts";
import { BLOCKS } from "./blocks.ts";
import { HEADS } from "./heads.ts";

/** What a network of a class is for, in the exporter's word. */
const TASKS: Readonly<Record<string, string>> = {
  DetectionModel: "detect",
  Model: "detect",
  SegmentationModel: "segment",
  PoseModel: "pose",
  ClassificationModel: "classify",
};

/** From where a layer takes: the one before it (-1), others by their number, or several. */
function sourcesOf(layer: Module): readonly number[] {
  const told = layer.setting("f");
  const all = Array.isArray(told) ? (told as readonly unknown[]) : [told];
  if (!all.every((one): one is number => Number.isInteger(one)))
    throw new Unsupported(`'${layer.path}' does not tell where it takes from`);
  return all;
}

const network: Forward = (module, inputs, walk) => {
  const made: Ref[] = [];
  for (const [, layer] of module.child("model").children) {
    const taken = sourcesOf(layer).map((from): Ref => {
      if (from === -1) return made.at(-1) ?? only(inputs);
      if (from >= 0 && from < made.length) return at(made, from);
      throw new Unsupported(`'${layer.path}' takes from layer ${from}`);
    });
    made.push(walk.run(layer, ...taken));
  }
  return at(made, made.length - 1);
};

const CLASSES: Classes = {
  ...BLOCKS,
  ...HEADS,
  ...Object.fromEntries(Object.keys(TASKS).map((name) => [name, network])),
};
/** `ultralytics.nn.tasks.DetectionModel`, and of YOLOv5 `models.yolo.Detect`. */
const PACKAGES = /^(ultralytics\.nn\.|models\.(common|yolo|experimental)\.)/;

/** How a module of these files is called; null for one of another package, or that is not known. */
export const ultralytics = (module: Module): Forward | null =>
  PACKAGES.test(module.className) && Object.hasOwn(CLASSES, module.shortName)
    ? (CLASSES[module.shortName] ?? null)
    : null;

/** What such a file says of its network besides: its task, the names of its classes, the size of its pictures and how they are scaled. */
export interface Facts {
  readonly graph: Pick<ModelGraph, "task" | "labels" | "scaling">;
  /** Rows and columns of what it was trained with, or is usually. */
  readonly usual: { readonly side: number; readonly said: string };
}

/** Null for other networks. */
export function ultralyticsFacts(root: Module): Facts | null {
  const task = PACKAGES.test(root.className) ? TASKS[root.shortName] : undefined;
  if (task === undefined) return null;
  const labels = namesOf(root);
  const old = root.className.startsWith("models.");
  const scaled = !(old && task === "classify");
  const args = root.raw("args");
  const told = isDict(args) ? args.entries.get("imgsz") : undefined;
  const usual = task === "classify" ? 224 : 640;
  const fits = typeof told === "number" && Number.isInteger(told) && told >= 32 && told <= 4096;
  return {
    graph: {
      task,
      ...(labels && { labels }),
      ...(scaled && {
        scaling: {
          ...{ order: "rgb", scale: 1 / 255, mean: [0], std: [1] },
          why: "Networks of these classes take pixels from 0 to 1.",
        },
      }),
    },
    usual: fits
      ? { side: told, said: "that of its training" }
      : { side: usual, said: "the usual size of such networks" },
  };
}

const MOST_NAMES = 100_000;
/** `{0: 'person', ...}`, or a list. */
function namesOf(root: Module): string[] | null {
  const raw = root.raw("names");
  const all = isDict(raw) ? [...raw.entries] : isSequence(raw) ? [...raw.items.entries()] : [];
  if (all.length === 0 || all.length > MOST_NAMES) return null;
  const names = all.flatMap(([key, name], i) =>
    key === i && typeof name === "string" ? [plainText(name)] : [],
  );
  return names.length === all.length ? names : null;
}
