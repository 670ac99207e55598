/** The structure in an exported program (`.pt2`): its keys are those of the state dict, exactly. */
import { inputError } from "../../base/errors.ts";
import { buildGraph } from "../pt2/build.ts";
import { readProgram } from "../pt2/program.ts";
import { isRef, type InputSpec, type Program, type TensorMeta } from "../pt2/schema.ts";
import { slimProgram } from "../pt2/slim.ts";
import { readTensor, type StoredTensor } from "../tensors/stored.ts";
import type { Json } from "../json.ts";
import { ofNumbers } from "./memory.ts";
import { keptIn, type PackedStructure, type PackedTensor } from "./packed.ts";
import type { Place, Poured, Structure } from "./structure.ts";

/** A program with what its file, or a kept structure, has beside it. */
export interface ProgramFile {
  readonly name: string;
  readonly json: Json;
  /** Parameters, buffers and constants by their name in the module; a kept structure has only constants. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly close: () => void;
}

/** Larger constants belong to no network of pictures, and are not kept. */
const MAX_KEPT = 8 * 2 ** 20;

/** Throws a ConvLensError of kind `input` where it is no program, or a parameter is nowhere described. */
export function structureOfProgram({ name, json, tensors, close }: ProgramFile): Structure {
  const program = readProgram(json, name);
  const specs = program.inputs.filter(({ kind }) => kind !== "user" && kind !== "other");
  const constants = constantsOf(specs, tensors);
  const places = specs.map((spec): Place => {
    const { sizes, type } = metaOf(program, spec, name);
    const kept = constants.get(spec.target);
    const shape = sizes.map(({ hint }) => hint);
    return { key: spec.target, shape, type, ...(kept && { kept }) };
  });
  // the same parameter under several names is one place
  const unique = [...new Map(places.map((place) => [place.key, place])).values()];
  const own: Structure["own"] = ({ key }) => {
    const tensor = tensors.get(key);
    return tensor ? readTensor(tensor) : null;
  };
  return {
    name,
    placesFor: () => unique,
    build: (poured, source, options) => {
      const graph = buildGraph(solvedProgram(program, poured), poured.tensors, source, options);
      // what it keeps is in memory
      close();
      return graph;
    },
    own,
    pack: () => packedProgram(name, json, unique),
    close,
  };
}

function metaOf({ metas }: Program, spec: InputSpec, file: string): TensorMeta {
  const meta = metas.get(spec.name);
  if (meta) return meta;
  throw inputError(`'${file}' does not describe its parameter '${spec.target}'; export it again.`);
}

/** Constants and buffers that no state dict has. */
function constantsOf(
  specs: readonly InputSpec[],
  tensors: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  for (const { kind, target, persistent } of specs) {
    const tensor = tensors.get(target);
    if (!tensor || (kind !== "constant" && persistent)) continue;
    found.set(target, ofNumbers(target, readTensor(tensor), tensor.type === "bool"));
  }
  return found;
}

/** The program with the sizes of what is poured into it: those of values follow when it is read. */
function solvedProgram(program: Program, { tensors, solved }: Poured): Program {
  if (solved.length === 0) return program;
  const metas = new Map(program.metas);
  for (const { name, target } of program.inputs) {
    const meta = metas.get(name);
    const tensor = tensors.get(target);
    if (!meta || !tensor) continue;
    const sizes = tensor.shape.map((hint) => ({ hint, symbol: null }));
    metas.set(name, { ...meta, sizes });
  }
  for (const [name, channels] of channelsRead(program, metas)) {
    const meta = metas.get(name);
    if (!meta) continue;
    const sizes = meta.sizes.map((size, axis) =>
      axis === 1 ? { hint: channels, symbol: null } : size,
    );
    metas.set(name, { ...meta, sizes });
  }
  return { ...program, metas, solved };
}

/** How many channels of what is fed its first kernels read: pictures of one colour, where the weights were trained with these. */
function channelsRead(
  { nodes, inputs }: Program,
  metas: Program["metas"],
): ReadonlyMap<string, number> {
  const fed = new Set(inputs.flatMap(({ kind, name }) => (kind === "user" ? [name] : [])));
  const found = new Map<string, number>();
  for (const { target, inputs: given } of nodes) {
    const [picture, kernel] = [given.get("input"), given.get("weight")];
    if (!/\.conv2d\./.test(target) || !isRef(picture) || !isRef(kernel)) continue;
    const grouped = (given.get("groups") ?? 1) !== 1;
    const channels = metas.get(kernel.ref)?.sizes[1]?.hint;
    if (fed.has(picture.ref) && !grouped && channels !== undefined)
      found.set(picture.ref, channels);
  }
  return found;
}

function packedProgram(
  name: string,
  program: Json,
  places: readonly Place[],
): PackedStructure | null {
  const tensors = places.map(({ key, type, shape, kept }): PackedTensor => {
    if (!kept) return { key, type, shape };
    const { data } = readTensor(kept);
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return {
      ...{ key, type: kept.type, shape },
      data: (kept.type === "bool" ? Buffer.from(Uint8Array.from(data)) : bytes).toString("base64"),
    };
  });
  const size = tensors.reduce((sum, { data = "" }) => sum + data.length, 0);
  return size > MAX_KEPT ? null : { kind: "pt2", name, program: slimProgram(program), tensors };
}

/** One that was kept. Throws a ConvLensError of kind `input`. */
export const structureOfPackedProgram = (packed: PackedStructure): Structure =>
  structureOfProgram({
    name: packed.name,
    json: packed.program,
    tensors: new Map(
      packed.tensors.flatMap((tensor) => {
        const kept = keptIn(tensor);
        return kept ? [[tensor.key, kept] as const] : [];
      }),
    ),
    close: () => undefined,
  });
