import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { openHdf5 } from "../hdf5/open.ts";
import { buildGraph } from "./build.ts";
import { codeInside } from "./code-inside.ts";
import { parseJson } from "../json.ts";
import { parseModel } from "./model.ts";
import { legacyWeights } from "./stored-in-h5.ts";
import { outlineOf, type Outline } from "./state.ts";
import { hdf5Store } from "./store.ts";
import { readWeightsOnly } from "./weights-only.ts";
import { withStructure } from "./with-structure.ts";

const ZIP = Buffer.from("PK\x03\x04", "latin1");
const SIGNATURE = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/** The signature may stand behind a user block of 512 bytes or a multiple; in a zip archive it is that of a file in it. */
const isHdf5 = ({ bytes }: FileHead): boolean =>
  !ZIP.equals(bytes.subarray(0, ZIP.length)) &&
  [0, 512, 1024, 2048].some((at) => SIGNATURE.equals(bytes.subarray(at, at + SIGNATURE.length)));

/** `.h5` and `.hdf5` of Keras 1, 2 and 3: whole models (`model_config`) and weights alone. */
export const kerasH5: Format = {
  name: "Keras .h5",
  extensions: [".h5", ".hdf5"],
  match: isHdf5,
  open: async ({ source }, options) => {
    const file = await openHdf5(source);
    try {
      return await withStructure(read(file, options), { file, root: rootOf(file) }, options);
    } catch (error) {
      file.close();
      throw error;
    }
  },
};

/** The group of the weights. */
const rootOf = (file: Hdf5File): string =>
  file.kind("/model_weights") === "group" ? "/model_weights" : "";

/** What Keras needs to know of the file to load one like it. Takes over `source`. Throws a ConvLensError of kind `input`. */
export async function h5Outline(source: ByteSource): Promise<Outline> {
  const file = await openHdf5(source);
  try {
    return outlineOf(file, rootOf(file));
  } finally {
    file.close();
  }
}

function read(file: Hdf5File, options: ReadOptions): ModelGraph {
  const name = file.name;
  const root = rootOf(file);
  const written = attribute(file, "/", "keras_version") ?? attribute(file, root, "keras_version");
  const producer = written === null ? null : `Keras ${written}`;
  const config = attribute(file, "/", "model_config");
  if (config === null) return weightsOnly(file, root, producer);
  const json = parseJson(config, `The description of the network in '${name}'`);
  const model = parseModel(json, name);
  const version = Number.parseInt(written ?? "2", 10);
  if (!model) return weightsOnly(file, root, producer);
  return buildGraph(model, legacyWeights(file, root, model), hdf5Store(file), {
    format: `Keras ${version} .h5`,
    producer,
    version,
    pythonCode: codeInside(json),
    options,
  });
}

function weightsOnly(file: Hdf5File, root: string, producer: string | null): ModelGraph {
  const note =
    "The file holds weights only, without the network: filters can be shown; for everything else save the whole model.";
  const graph = readWeightsOnly(file, root, note, "Keras weights .h5", producer);
  if (graph) return graph;
  const inside = file.keys("/").slice(0, 4).join("', '");
  throw inputError(
    `'${file.name}' is an HDF5 file without a Keras model in it (it holds ${inside ? `'${inside}'` : "nothing"}); save the model with model.save("name.h5").`,
  );
}

function attribute(file: Hdf5File, path: string, name: string): string | null {
  const value = file.attribute(path === "" ? "/" : path, name);
  return typeof value === "string" ? value : (value?.[0] ?? null);
}
