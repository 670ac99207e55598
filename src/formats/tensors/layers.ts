/** Named tensors -> layers: grouped by the module that their names tell, with what their shapes tell about it. */
import { append } from "../../base/append.ts";
import type { KernelLayout, Layer, WeightInfo } from "../../graph/index.ts";
import { permuted, type StoredTensor } from "./stored.ts";

/** A tensor by its dotted name in the module: `features.0.weight`. */
export interface NamedTensor extends StoredTensor {
  /** False for statistics and other buffers. */
  readonly trainable: boolean;
}

/** Layers without a graph, where their numbers lie, and what was guessed. */
export interface WeightLayers {
  readonly layers: readonly Layer[];
  /** By `WeightInfo.ref`. */
  readonly stored: ReadonlyMap<string, StoredTensor>;
  readonly notes: readonly string[];
}

const STATISTICS = /(^|\.)(running_mean|running_var|num_batches_tracked)$/;
/** Whether a tensor of this name is kept by batch normalization and not trained. */
export const isStatistic = (name: string): boolean => STATISTICS.test(name);
const isCounter = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name);

/** `classes` are the modules' own, where the file tells them; else they are guessed from shapes and said so. */
export function layersOf(
  tensors: readonly NamedTensor[],
  classes: ReadonlyMap<string, string>,
): WeightLayers {
  const prefix = commonPrefix(tensors);
  const groups = new Map<string, NamedTensor[]>();
  for (const tensor of tensors) {
    const module = moduleOf(tensor.name.slice(prefix.length));
    append(groups, module, tensor);
  }
  const stored = new Map<string, StoredTensor>();
  const notes = new Set<string>();
  // where nothing sees colours, the first convolution with one input sees grey pictures
  let grey = !tensors.some(({ shape }) => shape.length === 4 && shape[1] === 3);
  const layers = [...groups].map(([module, members]): Layer => {
    const told = classes.get(prefix + module);
    const kernel = kernelOf(members, told);
    const layout = kernel ? layoutOf(kernel, members, told, grey) : null;
    grey &&= kernel === undefined;
    const className = told ?? guess(members, layout);
    const note = told === undefined && layout ? assumption(layout, notes) : null;
    const weights = members.map((tensor) =>
      info(tensor, prefix + module, tensor === kernel ? layout : null, stored),
    );
    const name = module === "" ? "module" : module;
    const aliases = prefix === "" ? [] : [prefix + module];
    return {
      ...{ name, className, nodes: [], output: null, preActivation: null, inputs: [], weights },
      ...{ opaque: null, aliases, ...(note !== null && { note }) },
    };
  });
  if (classes.size === 0)
    notes.add("The file does not name the layers' classes; they are told from shapes and names.");
  if (prefix !== "")
    notes.add(
      `All names begin with '${prefix}' (a wrapper around the model), which is left out here.`,
    );
  return { layers, stored, notes: [...notes] };
}

/** `features.0.weight` -> `features.0`; a parameter without a module stands for itself. */
function moduleOf(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot >= 0) return name.slice(0, dot);
  return /^(weight|bias)$/.test(name) || isStatistic(name) ? "" : name;
}

/** What DataParallel and torch.compile put in front of every name. */
function commonPrefix(tensors: readonly NamedTensor[]): string {
  const [, prefix = ""] = /^((?:module\.|_orig_mod\.)+)/.exec(tensors[0]?.name ?? "") ?? [];
  return tensors.every(({ name }) => name.startsWith(prefix)) ? prefix : "";
}

const shortName = (name: string, module: string): string =>
  module !== "" && name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name;

/** A weight of rank 4, or 3 in a 1-D convolution; a norm over several axes has a bias of the same rank. */
function kernelOf(
  members: readonly NamedTensor[],
  told: string | undefined,
): NamedTensor | undefined {
  if (members.some(({ name, shape }) => name.endsWith("bias") && shape.length > 1))
    return undefined;
  const ranks = told === undefined || /conv/i.test(told) ? [3, 4] : [4];
  return members.find(
    ({ name, shape }) =>
      ranks.includes(shape.length) && /(^|[._])(weight(_v)?|kernel|original1?)$/.test(name),
  );
}

/** The file's order of axes -> rows, columns, inputs, outputs. */
const ORDERS: Readonly<Record<KernelLayout, (rank: number) => readonly number[]>> = {
  hwio: (rank) => (rank === 3 ? [2, 1, 0] : [2, 3, 1, 0]),
  hwcm: (rank) => (rank === 3 ? [2, 0, 1] : [2, 3, 0, 1]),
  hwoi: (rank) => (rank === 3 ? [2, 1, 0] : [2, 3, 1, 0]),
};

/** [O, I, h, w] of a convolution, [C, 1, h, w] of a depthwise and [I, O, h, w] of a transposed one. */
function layoutOf(
  kernel: StoredTensor,
  members: readonly StoredTensor[],
  told: string | undefined,
  grey: boolean,
): KernelLayout {
  const [outputs = 0, inputs = 0] = kernel.shape;
  const bias = members.find(({ name }) => name.endsWith("bias"))?.shape[0];
  const transposed =
    told === undefined ? bias === inputs && bias !== outputs : /Transpose/.test(told);
  if (transposed) return "hwoi";
  return inputs === 1 && outputs > 1 && !grey ? "hwcm" : "hwio";
}

function guess(members: readonly StoredTensor[], layout: KernelLayout | null): string {
  if (members.some(({ name }) => name.endsWith("running_mean"))) return "BatchNorm";
  const weight = members.find(({ name }) => /(^|[._])(weight|kernel)$/.test(name)) ?? members[0];
  const rank = weight?.shape.length ?? 0;
  if (layout) return `Conv${layout === "hwoi" ? "Transpose" : ""}${rank - 2}d`;
  if (rank === 5) return "Conv3d";
  if (rank === 2 && members.length <= 2 && members.some(({ name }) => name.endsWith("weight")))
    return "Linear";
  return rank === 1 && members.length === 2 ? "Norm" : "Parameter";
}

function assumption(layout: KernelLayout, notes: Set<string>): string | null {
  if (layout === "hwcm") {
    notes.add("Kernels with one input channel are taken as depthwise, which their shape suggests.");
    return "taken as depthwise: its kernel has one input channel";
  }
  if (layout === "hwoi") {
    notes.add("Kernels whose bias fits their second axis are taken as transposed convolutions.");
    return "taken as transposed: its bias fits the kernel's second axis";
  }
  return null;
}

function info(
  tensor: NamedTensor,
  module: string,
  layout: KernelLayout | null,
  stored: Map<string, StoredTensor>,
): WeightInfo {
  const { name, shape, type, trainable } = tensor;
  // JAX and TensorFlow name it kernel and keep it as the graph does
  const order = layout && !name.endsWith("kernel") ? ORDERS[layout](shape.length) : null;
  const kept = order ? permuted(tensor, order) : tensor;
  stored.set(name, kept);
  return {
    ...{
      name: shortName(name, module),
      ref: name,
      shape: kept.shape,
      storedDType: type,
      trainable,
    },
    ...(isCounter(name) && { counter: true }),
    ...(order && { fileShape: shape }),
    ...(layout && { kernel: layout }),
  };
}
