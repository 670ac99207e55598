/** A TF.js layers-model: Keras' own description, with the weights in shards. */
import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { buildGraph } from "../keras/build.ts";
import { codeInside } from "../keras/code-inside.ts";
import { member, text, type Json } from "../json.ts";
import { parseModel } from "../keras/model.ts";
import type { KerasStore } from "../keras/store.ts";
import { weightsByName } from "../keras/stored-by-name.ts";
import type { Opened } from "./graph-model.ts";

/** Throws a ConvLensError of kind `input` for a network that is neither Sequential nor Functional. */
export function readLayersModel({ json, shards, file, options, close }: Opened): ModelGraph {
  const topology = member(json, "modelTopology");
  const config: Json | undefined = member(topology, "model_config") ?? topology;
  const model = config === undefined ? null : parseModel(config, file);
  if (!model)
    throw inputError(
      `'${file}' describes no network that is Sequential or Functional; convert such a model.`,
    );
  const weight = (path: string): ReturnType<typeof shards.weights.get> & object => {
    const found = shards.weights.get(path);
    if (!found) throw inputError(`'${file}' has no weight '${path}'; convert the model again.`);
    return found;
  };
  const store: KerasStore = {
    name: file,
    describe: (path) => ({ shape: weight(path).shape, dtype: weight(path).stored }),
    read: (path) => weight(path).read(),
    close,
  };
  const stored = [...shards.weights.keys()].map((path) => ({ name: path, path }));
  const written = text(member(topology, "keras_version"));
  const producer = text(member(json, "generatedBy")) ?? written;
  return buildGraph(model, weightsByName(model, stored), store, {
    format: "TF.js layers-model",
    producer: producer === written && written !== null ? `Keras ${written}` : producer,
    // a model made by TF.js itself tells its own version, and follows Keras 2
    version: /^3\./.test(written ?? "") ? 3 : 2,
    pythonCode: codeInside(config ?? null),
    options,
  });
}
