/** A pickled module of classes that are known -> a graph that runs. Its code is not in the file, and nothing of it runs. */
import { plainText } from "../../base/plain-text.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { followedGraph } from "../aten/graph.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Pickled } from "../pytorch/archive.ts";
import type { Found } from "../pytorch/modules.ts";
import { stored } from "../pytorch/storages.ts";
import { checkPlaces, type StoredTensor } from "../tensors/stored.ts";
import { fastaiLabels } from "./fastai.ts";
import { LIBRARIES } from "./libraries.ts";
import { Module, type Forward } from "./module.ts";
import { TORCH } from "./nn.ts";
import { ultralytics, ultralyticsFacts } from "./ultralytics/model.ts";
import type { Ref } from "../pt2/schema.ts";
import { walkOf, type Stored } from "./walk.ts";

const known = (module: Module): Forward | null => {
  const { className } = module;
  const table = [TORCH, LIBRARIES].find((classes) => Object.hasOwn(classes, className));
  return table?.[className] ?? ultralytics(module);
};

/** What the file says of the module. */
interface Told {
  readonly format: string;
  readonly notes: readonly string[];
}

/** Null where the module's class is not known, or it cannot be followed as a whole: then there are its weights. */
export function moduleGraph(
  found: Found | undefined,
  data: Pickled,
  told: Told,
  source: ByteSource,
  options: ReadOptions,
): ModelGraph | null {
  if (!found?.module) return null;
  const root = new Module(found.module, "");
  const forward = known(root);
  if (!forward) return null;
  const facts = ultralyticsFacts(root);
  const tensorOf: Stored = (name, module, own) => {
    const tensor = module.tensor(own);
    if (!tensor) throw new Unsupported(`there is no '${name}'`);
    const made = stored(name, tensor, data.storage(tensor.storage));
    checkPlaces([made], source.name, "save the model again");
    return made;
  };
  const tensors = found.parameters.map(({ name, tensor }): StoredTensor =>
    stored(name, tensor, data.storage(tensor.storage)),
  );
  try {
    const graph = followedGraph(
      {
        ...told,
        inputs: [{ name: "input", example: null, ...(facts && { usual: facts.usual }) }],
        tensors,
        follow: (recorder) => {
          const also: Ref[] = [];
          const walk = walkOf(recorder, also, known, tensorOf);
          return [walk.run(root, { ref: "input" }), ...also];
        },
      },
      source,
      options,
    );
    const labels = fastaiLabels(data.root);
    return {
      ...graph,
      ...(labels && { labels }),
      ...facts?.graph,
      notes: [`The network is a pickled '${plainText(root.className)}'.`, ...graph.notes],
    };
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}
