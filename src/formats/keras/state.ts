/** The tensors of a network in an HDF5 file, by their paths: what a structure is looked for with, and the layout that Keras loads. */
import { sizeOf } from "../../base/tensor.ts";
import { dtypeName } from "../bytes/numbers.ts";
import { MemorySource } from "../bytes/source.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import type { StateDict } from "../structure/find.ts";
import { NO_FILE } from "../structure/memory.ts";
import { elementBytes } from "../tensors/elements.ts";
import { rowMajor, type StoredTensor } from "../tensors/stored.ts";
import { isBeside, MOST_GROUPS, names, visit, type Budget } from "./stored-in-h5.ts";

const TEXTS = ["layer_names", "weight_names"] as const;
const SINGLE_TEXTS = ["backend", "keras_version"] as const;

/** The layout of a file of weights, without its numbers: enough for Keras to load one like it. */
export interface Outline {
  /** By which Keras tells how it reads the file. */
  readonly ending: ".h5" | ".weights.h5";
  readonly groups: readonly {
    readonly path: string;
    readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  }[];
  readonly tensors: readonly {
    readonly key: string;
    readonly shape: readonly number[];
    readonly type: string;
  }[];
}

interface Walked {
  readonly groups: readonly string[];
  readonly tensors: readonly string[];
}

/** Groups and data sets of the network, by their paths in the file. Throws a ConvLensError of kind `input`. */
function walk(file: Hdf5File, path: string, left: Budget): Walked {
  visit(file, left);
  const groups = [path];
  const tensors: string[] = [];
  for (const key of file.keys(path === "" ? "/" : path)) {
    const inner = `${path}/${key}`;
    const kind = file.kind(inner);
    if (kind === "dataset") tensors.push(inner);
    if (kind !== "group" || isBeside(key)) continue;
    const within = walk(file, inner, left);
    groups.push(...within.groups);
    tensors.push(...within.tensors);
  }
  return { groups, tensors };
}

/** `root` is the group of the weights. Keys are paths without the first `/`. Numbers are read when they are asked for. */
export function stateOf(file: Hdf5File, root: string): StateDict {
  const { tensors } = walk(file, root, { groups: MOST_GROUPS });
  return { path: [], tensors: tensors.map((path) => storedAt(file, path)) };
}

/** A tensor as it arrives: whole numbers in 32 bits, others as float32. */
function storedAt(file: Hdf5File, path: string): StoredTensor {
  const { shape, stored } = file.dataset(path);
  const type = /^[fb]/.test(stored) ? "float32" : "int32";
  const storage = {
    bytes: sizeOf(shape) * (elementBytes(type) ?? 0),
    bigEndian: false,
    open: () => {
      const { data } = file.read(path);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return new MemorySource(file.name, bytes, NO_FILE);
    },
  };
  const keptAs = dtypeName(stored);
  return {
    ...{ name: path.slice(1), type, keptAs, shape },
    ...{ strides: rowMajor(shape), offset: 0, storage },
  };
}

/** See `Outline`; `root` is the group of the weights. Throws a ConvLensError of kind `input`. */
export function outlineOf(file: Hdf5File, root: string): Outline {
  const { groups, tensors } = walk(file, root, { groups: MOST_GROUPS });
  const isLegacy = names(file, root === "" ? "/" : root, "layer_names") !== null;
  return {
    ending: isLegacy ? ".h5" : ".weights.h5",
    groups: groups.map((path) => ({ path, attributes: attributesOf(file, path) })),
    tensors: tensors.map((path) => {
      const { shape, stored } = file.dataset(path);
      return { key: path.slice(1), shape, type: dtypeName(stored) };
    }),
  };
}

function attributesOf(file: Hdf5File, group: string): Outline["groups"][number]["attributes"] {
  const path = group === "" ? "/" : group;
  const lists = TEXTS.map((name) => [name, names(file, path, name)] as const);
  const single = SINGLE_TEXTS.map(
    (name) => [name, [file.attribute(path, name)].flat()[0]] as const,
  );
  return Object.fromEntries(
    [...lists, ...single].flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, value] as const],
    ),
  );
}
