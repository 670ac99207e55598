import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { openMember, readZip, type ZipMember } from "../bytes/zip.ts";
import type { FileHead, Format } from "../format.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { openHdf5 } from "../hdf5/open.ts";
import { buildGraph } from "./build.ts";
import { codeInside } from "./code-inside.ts";
import { member, parseJson, text, type Json } from "../json.ts";
import { parseModel } from "./model.ts";
import { countedWeights } from "./stored-in-h5.ts";
import { outlineOf, type Outline } from "./state.ts";
import { hdf5Store } from "./store.ts";
import { readWeightsOnly } from "./weights-only.ts";
import { withStructure } from "./with-structure.ts";

const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";
const MAX_TEXT = 256 * 2 ** 20;

/** `.keras`: a zip archive of `config.json`, `metadata.json` and `model.weights.h5`, which is read in place. */
export const kerasArchive: Format = {
  name: "Keras .keras",
  extensions: [".keras"],
  match: ({ bytes, source }) =>
    bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && readZip(source).has(CONFIG),
  open: async (head, options) => {
    const members = readZip(head.source);
    const json = textOf(head, members, CONFIG);
    const metadata = members.has("metadata.json") ? textOf(head, members, "metadata.json") : null;
    const written = text(member(metadata, "keras_version")) ?? "3";
    const version = Number.parseInt(written, 10);
    const file = await openHdf5(weightsOf(head, members), head.name);
    const network = (): ModelGraph => {
      const model = parseModel(json, head.name);
      if (!model) return subclassed(file, json, version, `Keras ${written}`);
      return buildGraph(model, countedWeights(file, "", model), hdf5Store(file), {
        format: `Keras ${version} .keras`,
        producer: `Keras ${written}`,
        version,
        pythonCode: codeInside(json),
        options,
      });
    };
    try {
      return await withStructure(network(), { file, root: "" }, options);
    } catch (error) {
      file.close();
      throw error;
    }
  },
};

function weightsOf(
  { name, source }: FileHead,
  members: ReadonlyMap<string, ZipMember>,
): ByteSource {
  const weights = members.get(WEIGHTS);
  if (weights) return openMember(source, weights);
  throw inputError(
    `'${name}' holds no '${WEIGHTS}'; save the model with model.save("name.keras").`,
  );
}

/** What Keras needs to know of the archive's weights to load ones like them. Takes over the source. Throws a ConvLensError of kind `input`. */
export async function archiveOutline(head: FileHead): Promise<Outline> {
  const file = await openHdf5(weightsOf(head, readZip(head.source)), head.name);
  try {
    return outlineOf(file, "");
  } finally {
    file.close();
  }
}

function subclassed(file: Hdf5File, json: Json, version: number, producer: string): ModelGraph {
  const className = text(member(json, "class_name")) ?? "model";
  const note = `The network is code (the class '${className}'), which is never run: filters can be shown; for everything else save it as a Functional or Sequential model.`;
  const graph = readWeightsOnly(file, "", note, `Keras ${version} .keras`, producer);
  if (graph) return graph;
  throw inputError(
    `'${file.name}' describes no network and holds no weights; save a Functional or Sequential model.`,
  );
}

function textOf(head: FileHead, members: ReadonlyMap<string, ZipMember>, name: string): Json {
  const found = members.get(name);
  if (!found) throw inputError(`'${head.name}' holds no '${name}'; save the model again.`);
  const source = openMember(head.source, found);
  if (source.size > MAX_TEXT)
    throw inputError(`'${name}' in '${head.name}' is too large to describe a network.`);
  return parseJson(
    readBytes(source, 0, source.size).toString("utf8"),
    `'${name}' in '${head.name}'`,
  );
}
