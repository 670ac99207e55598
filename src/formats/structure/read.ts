/** Structures out of files: `.pt2`, ONNX, what the helper for Python writes of a Keras model, and those that were kept. */
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import type { Generation } from "../../files/generation.ts";
import { FileSource, MemorySource } from "../bytes/source.ts";
import { frozenGraph } from "../frozen-graph/frozen-graph.ts";
import { HEAD_BYTES, type FileHead } from "../format.ts";
import { text } from "../json.ts";
import { numbersOf, onnx, parseNetwork } from "../onnx/onnx.ts";
import { readTensor, type ExternalData } from "../onnx/tensor.ts";
import { readExported } from "../pt2/archive.ts";
import { torchExport } from "../pt2/pt2.ts";
import { structureOfPackedProgram, structureOfProgram } from "./exported.ts";
import { NO_FILE } from "./memory.ts";
import { structureOfOnnx } from "./onnx.ts";
import { structureOfGraph } from "./tensorflow.ts";
import { withOrigin } from "./origin.ts";
import { unpacked, type PackedStructure } from "./packed.ts";
import type { Structure } from "./structure.ts";

/** The endings of files that hold a structure. */
export const STRUCTURE_FILES = /\.(pt2|onnx)$/i;

/**
 * The structure in a `.pt2` or ONNX file, which stays open until it is closed; `generation` gets the stamps of its files. Throws a
 * ConvLensError of kind `input`.
 */
export function readStructure(file: string, generation: Generation): Structure {
  const source = new FileSource(file, generation);
  try {
    const bytes = new Uint8Array(Math.min(HEAD_BYTES, source.size));
    source.readInto(bytes, 0);
    const name = plainText(source.name);
    const { size } = source;
    const head: FileHead = { path: file, name, size, bytes, source, generation };
    if (torchExport.match(head)) {
      const { program, tensors } = readExported(source);
      const close = (): void => {
        source.close();
      };
      return structureOfProgram({ name, json: program, tensors, close });
    }
    if (onnx.match(head)) return onnxStructure(head);
    if (frozenGraph.match(head)) return structureOfGraph(source, name);
    throw inputError(
      `'${name}' is no structure of a network; give the .pt2 or ONNX file of the same network.`,
    );
  } catch (error) {
    source.close();
    throw error;
  }
}

function onnxStructure(head: FileHead): Structure {
  const model = parseNetwork(head);
  const numbers = numbersOf(head, model);
  try {
    return structureOfOnnx({ source: head.source, model, numbers });
  } catch (error) {
    numbers.close();
    throw error;
  }
}

/** One that was kept. Throws a ConvLensError of kind `input`. */
export function readKeptStructure(bytes: Uint8Array, name: string): Structure {
  const kept = unpacked(bytes, name);
  const structure = ofPacked(kept, name);
  return kept.origin ? withOrigin(structure, kept.name, kept.origin) : structure;
}

function ofPacked(kept: PackedStructure, name: string): Structure {
  if (kept.kind === "pt2") return structureOfPackedProgram(kept);
  const program = Buffer.from(text(kept.program) ?? "", "base64");
  const source = new MemorySource(kept.name, program, NO_FILE);
  if (kept.kind === "tensorflow") return structureOfGraph(source, kept.name);
  return structureOfOnnx({
    source,
    model: parseNetwork({ source, name }),
    numbers: {
      name: kept.name,
      read: (tensor) => readTensor(tensor, kept.name, noFilesBeside),
      close: () => undefined,
    },
  });
}

/** What is kept stands in no folder. */
function noFilesBeside({ location }: ExternalData): never {
  throw inputError(`A kept structure wants numbers of the file '${location}'; delete it.`);
}
