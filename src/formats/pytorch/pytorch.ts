/** What torch.save and torch.jit.save write: state dicts, checkpoints, whole modules, TorchScript. Weights only; nothing is run. */
import { inputError } from "../../base/errors.ts";
import { readZip } from "../bytes/zip.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { moduleGraph } from "../modules/read.ts";
import { scriptGraph } from "../torchscript/read.ts";
import { EXPORT_ADVICE, weightsGraph, type WeightsAlone } from "../tensors/graph.ts";
import type { StateDict } from "../structure/find.ts";
import type { NamedTensor } from "../tensors/layers.ts";
import { archiveRoot, TorchArchive, type Pickled } from "./archive.ts";
import { isLegacy, readLegacy } from "./legacy.ts";
import { isModule, type Found } from "./modules.ts";
import { chooseNetworks, findAll } from "./networks.ts";
import { saidIn } from "./said.ts";
import { stored } from "./storages.ts";

/**
 * `.pt`, `.pth`, `.bin`: torch.save's zip archives and its format before 1.6, and TorchScript;
 * weights without a network.
 */
export const pytorch: Format = {
  name: "PyTorch",
  extensions: [".pt", ".pth", ".ptl", ".ckpt", ".bin"],
  match: ({ bytes, source }) =>
    isLegacy(bytes) ||
    (bytes[0] === 0x50 &&
      bytes[1] === 0x4b &&
      bytes[2] === 3 &&
      archiveRoot(readZip(source)) !== null),
  open: async (head, options) => {
    const script = followedScript(head, options);
    if (script !== null && typeof script === "object") return script;
    const { file, networks, module } = read(head, options);
    if (module && module.layers.every(({ opaque }) => opaque === null)) return module;
    const why = script === null ? file.notRunnable : `${script} ${file.notRunnable}`;
    const told = { file: { ...file, notRunnable: why }, networks };
    const weights = await weightsGraph(head.source, told, options);
    // a structure of the whole network comes before one with layers that are not understood
    return weights.structure ? weights : (module ?? weights);
  },
};

/** The graph of a TorchScript archive, or why there is none; null for other files. */
function followedScript(
  { source, bytes }: FileHead,
  options: ReadOptions,
): ModelGraph | string | null {
  const archive = isLegacy(bytes) ? null : new TorchArchive(source);
  if (archive?.isTorchScript !== true) return null;
  try {
    return scriptGraph(archive, source, options);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return `The code of the TorchScript archive is not understood (${error.message}).`;
  }
}

/** Weights, and the network where they are those of modules that are known. */
interface Read extends WeightsAlone {
  readonly module: ModelGraph | null;
}

function read({ source, bytes, name }: FileHead, options: ReadOptions): Read {
  const archive = isLegacy(bytes) ? null : new TorchArchive(source);
  const script = archive?.isTorchScript === true;
  const data = archive ? archive.read("data") : readLegacy(source);
  const all = findAll(data.root);
  const constants = script ? readConstants(archive) : { tensors: [], notes: [] };
  const { shown, networks, notes } = chooseNetworks(all);
  const tensors = [...tensorsOf(shown, data), ...constants.tensors];
  if (tensors.length === 0)
    throw inputError(
      `'${name}' holds no tensors of a network; save the weights with torch.save(model.state_dict(), ...).`,
    );
  const what = script ? "TorchScript" : kind(data, shown);
  const file = {
    format: script ? what : `PyTorch ${what}${archive ? "" : " (before 1.6)"}`,
    producer: null,
    tensors,
    classes: classesOf(shown),
    notes: [...notes, ...constants.notes],
    notRunnable: WHY[what],
    said: script ? null : saidIn(data.root),
  };
  const module = script ? null : moduleGraph(networks[0], data, file, source, options);
  return { file, networks: networks.map((found) => stateDict(found, data)), module };
}

/** A network of several by itself, under its own names. */
const stateDict = (found: Found, data: Pickled): StateDict => ({
  path: found.path,
  // not before it is asked for: a copy that nobody looks at may be damaged
  get tensors() {
    return tensorsOf([found], data);
  },
});

type What = "TorchScript" | "module" | "checkpoint" | "state dict";
const WHY: Readonly<Record<What, string>> = {
  TorchScript: `Its filters can be seen; ${EXPORT_ADVICE}.`,
  module: `A pickled module is Python code, which is never run: filters can be seen; ${EXPORT_ADVICE}.`,
  checkpoint: `A checkpoint holds weights without the network's structure: filters can be seen, nothing can be run; ${EXPORT_ADVICE}.`,
  "state dict": `A state dict holds weights without the network's structure: filters can be seen, nothing can be run; ${EXPORT_ADVICE}.`,
};

function kind({ root }: Pickled, shown: readonly Found[]): What {
  if (isModule(root)) return "module";
  return shown.every(({ path }) => path.length === 0) ? "state dict" : "checkpoint";
}

/** Names as in the file; of several networks with their keys in front. */
function tensorsOf(shown: readonly Found[], data: Pickled): NamedTensor[] {
  const names = new Map<string, number>();
  return shown.flatMap((found) =>
    found.parameters.map(({ name, tensor, trainable }): NamedTensor => {
      const full = prefixOf(found, shown) + name;
      const uses = names.get(full) ?? 0;
      names.set(full, uses + 1);
      const unique = uses === 0 ? full : `${full}:${uses}`;
      return { ...stored(unique, tensor, data.storage(tensor.storage)), trainable };
    }),
  );
}

function classesOf(shown: readonly Found[]): ReadonlyMap<string, string> {
  return new Map(
    shown.flatMap((found) =>
      [...found.classes].map(([path, name]) => [prefixOf(found, shown) + path, name] as const),
    ),
  );
}

const prefixOf = ({ path }: Found, shown: readonly Found[]): string =>
  shown.length > 1 && path.length > 0 ? `${path.join(".")}.` : "";

/** Tensors that a TorchScript program holds besides its parameters: a frozen one has all of them there. */
function readConstants(archive: TorchArchive): { tensors: NamedTensor[]; notes: string[] } {
  const data = archive.read("constants");
  const constants = findAll(data.root).flatMap(({ parameters }) => parameters);
  const tensors = constants.map(({ tensor }, i) => ({
    ...stored(`CONSTANTS.c${i}.weight`, tensor, data.storage(tensor.storage)),
    trainable: false,
  }));
  const notes =
    tensors.length > 0
      ? ["Tensors that the program holds as constants are shown as 'CONSTANTS'."]
      : [];
  return { tensors, notes };
}
