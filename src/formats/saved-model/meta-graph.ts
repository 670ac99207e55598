/** SavedModel, MetaGraphDef, SignatureDef (tensorflow/core/protobuf/{saved_model,meta_graph}.proto). */
import { inputError } from "../../base/errors.ts";
import type { Message } from "../bytes/protobuf.ts";
import { readGraphDef } from "../tensorflow/graph-def.ts";
import { entry } from "../tensorflow/node-def.ts";
import { shapeOf } from "../tensorflow/tensors.ts";
import { dataType, type SignatureTensor, type TfGraph } from "../tensorflow/types.ts";

/** What a function of the model takes and gives (SignatureDef). */
export interface Signature {
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
}
/** One of the graphs of a file, with what belongs to it (MetaGraphDef). */
export interface MetaGraph {
  readonly tags: readonly string[];
  /** Of TensorFlow, as it is written; null when it is not. */
  readonly version: string | null;
  readonly graph: TfGraph;
  readonly signatures: ReadonlyMap<string, Signature>;
  /** SavedObjectGraph; null in files of TensorFlow 1. */
  readonly objects: Message | null;
}

/** The graph for inference. Throws a ConvLensError of kind `input`. */
export function readMetaGraph(message: Message, file: string): MetaGraph {
  const graphs: { head: Head; message: Message }[] = [];
  for (const field of message.fields())
    if (field.number === 2)
      graphs.push({ head: headOf(field.message()), message: field.message() });
  const chosen = graphs.find(({ head }) => head.tags.includes("serve")) ?? graphs[0];
  if (!chosen)
    throw inputError(`'${file}' is no SavedModel: there is no graph in it; save the model again.`);
  return { ...chosen.head, ...contentOf(chosen.message, file) };
}

interface Head {
  readonly tags: string[];
  readonly version: string | null;
}
function headOf(message: Message): Head {
  const tags: string[] = [];
  let version: string | null = null;
  for (const field of message.fields())
    if (field.number === 1)
      for (const part of field.message().fields())
        if (part.number === 4) tags.push(part.text());
        else if (part.number === 5) version = part.text();
  return { tags, version };
}

function contentOf(message: Message, file: string): Omit<MetaGraph, keyof Head> {
  let graph: TfGraph | null = null;
  let objects: Message | null = null;
  const signatures = new Map<string, Signature>();
  for (const field of message.fields())
    if (field.number === 2) graph = readGraphDef(field.message(), file);
    else if (field.number === 5) {
      const [key, value] = entry(field.message());
      if (value) signatures.set(key, signatureOf(value.message()));
    } else if (field.number === 7) objects = field.message();
  if (!graph) throw inputError(`'${file}' holds no graph; save the model again.`);
  return { graph, objects, signatures };
}

function signatureOf(message: Message): Signature {
  const [inputs, outputs] = [[] as SignatureTensor[], [] as SignatureTensor[]];
  for (const field of message.fields()) {
    if (field.number !== 1 && field.number !== 2) continue;
    const [name, value] = entry(field.message());
    if (value) (field.number === 1 ? inputs : outputs).push(tensorInfo(name, value.message()));
  }
  return { inputs, outputs };
}

function tensorInfo(name: string, message: Message): SignatureTensor {
  let tensor = "";
  let shape: SignatureTensor["shape"];
  let type: SignatureTensor["type"];
  for (const field of message.fields())
    if (field.number === 1) tensor = field.text();
    else if (field.number === 2) type = dataType(field.int());
    else if (field.number === 3) shape = shapeOf(field.message());
  return { name, tensor, shape, type };
}
