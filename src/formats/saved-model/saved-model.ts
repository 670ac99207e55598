/** SavedModel folders of TensorFlow 1 and 2, and of Keras (`model.save(folder)`, `model.export(folder)`). */
import { dirname } from "node:path";
import type { ModelGraph } from "../../graph/index.ts";
import { Message } from "../bytes/protobuf.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { buildGraph } from "../tensorflow/build.ts";
import { Bundle } from "./bundle.ts";
import { kerasLayers } from "./keras-layers.ts";
import { readMetaGraph } from "./meta-graph.ts";
import { readObjectGraph } from "./objects.ts";
import { choose, objectOf } from "./signature.ts";
import { Variables } from "./variables.ts";

/** A folder, by its `saved_model.pb`. */
export const savedModel: Format = {
  name: "TensorFlow SavedModel",
  extensions: [".pb"],
  // saved_model_schema_version = 1, then the first graph
  match: ({ bytes }) =>
    bytes[0] === 0x12 || (bytes[0] === 0x08 && bytes[1] === 0x01 && bytes[2] === 0x12),
  open: (head, options) => Promise.resolve().then(() => read(head, options)),
};

function read({ path, name, source, generation }: FileHead, options: ReadOptions): ModelGraph {
  const folder = { path: dirname(path), model: name, generation };
  const meta = readMetaGraph(Message.of(source), name);
  const objects = meta.objects && readObjectGraph(meta.objects);
  const bundle = Bundle.of(folder);
  try {
    const variables = new Variables(bundle, meta, objects, source);
    const { graph, inputs, outputs, note } = choose(meta, objects, name);
    const keras = kerasLayers(folder, objects);
    const producer = meta.version === null ? null : `TensorFlow ${meta.version}`;
    return buildGraph({
      file: name,
      format: `TensorFlow${objects ? "" : " 1"} SavedModel`,
      producer: keras.size > 0 && producer !== null ? `${producer} (Keras)` : producer,
      graph,
      inputs,
      outputs,
      storedAs: (node, path) =>
        objectOf(node, (id) => variables.ofObject(id)) ?? variables.edgeOf(node, path),
      classes: keras,
      options,
      notes: note === null ? [] : [note],
      close: () => {
        source.close();
        bundle?.close();
      },
    });
  } catch (error) {
    bundle?.close();
    throw error;
  }
}
