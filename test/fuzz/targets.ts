/** What is fuzzed: for each format its seeds among test/models, and the mutations that know it. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { byteMutations, type Mutation } from "./mutate/bytes.ts";
import { codeMutation } from "./mutate/code.ts";
import { flatbufferMutations } from "./mutate/flatbuffer.ts";
import { hdf5Mutations } from "./mutate/hdf5.ts";
import { jsonMutation } from "./mutate/json.ts";
import { pickleMutations } from "./mutate/pickle.ts";
import { protobufMutations } from "./mutate/protobuf.ts";
import { pictureMutations } from "./mutate/pictures.ts";
import { npyMutations, safetensorsMutations } from "./mutate/text-header.ts";
import { zipMutations } from "./mutate/zip.ts";

export interface Target {
  readonly name: string;
  /** Matched against paths below test/, with slashes. A folder is copied whole and one of its files is changed. */
  readonly seeds: RegExp;
  readonly kind: "model" | "picture" | "array";
  /** By the name of the file, or of the member of an archive. */
  mutations(name: string): readonly Mutation[];
}

/** Half of all changes know the format, the others do not. */
const known = (own: readonly Mutation[]): readonly Mutation[] => {
  const times = Math.max(1, Math.round(byteMutations.length / own.length));
  return [...byteMutations, ...Array.from({ length: times }, () => own).flat()];
};
const member = (name: string): readonly Mutation[] => {
  if (/\.h5$/.test(name)) return known(hdf5Mutations);
  if (/\.json$|\.weight_index|archive_format/.test(name)) return known([jsonMutation]);
  if (/\.pkl$/.test(name)) return known(pickleMutations);
  if (/\.py$/.test(name)) return known([codeMutation]);
  return byteMutations;
};
const archive = (): readonly Mutation[] => known(zipMutations(member));
const always = (own: readonly Mutation[]) => (): readonly Mutation[] => known(own);

const model = (name: string, seeds: RegExp, mutations: Target["mutations"]): Target => ({
  ...{ name, seeds, kind: "model", mutations },
});
export const targets: readonly Target[] = [
  model(
    "keras-h5",
    /^models\/(?!odd\/(external-link|huge|no-model|twice|virtual)).*\.(h5|hdf5)$/,
    always(hdf5Mutations),
  ),
  model("keras", /^models\/.*\.keras$/, archive),
  model("onnx", /^(models|fuzz\/seeds)\/.*\.onnx$/, always(protobufMutations)),
  model("tflite", /^models\/.*\.tflite$/, always(flatbufferMutations)),
  model("pt2", /^models\/.*\.pt2$/, archive),
  model("torchscript", /^models\/.*script.*\.ptl?$/, archive),
  model("torch", /^models\/(?!.*(group\d|not_a_network)).*\.(pt|pth|bin)$/, (name) =>
    /\.(pt|pth)$/.test(name) ? [...archive(), ...pickleMutations] : byteMutations,
  ),
  model("flax", /^fuzz\/seeds\/.*\.msgpack$/, () => byteMutations),
  model("safetensors", /^models\/.*\.safetensors$/, always(safetensorsMutations)),
  model(
    "frozen-pb",
    /^models\/(?!.*(saved_model|keras_metadata)\.pb$).*\.pb$/,
    always(protobufMutations),
  ),
  model("savedmodel", /^models\/.*\/saved_model\.pb$/, (name) =>
    /\.pb$/.test(name) ? known(protobufMutations) : byteMutations,
  ),
  model("tfjs", /^models\/.*\/model\.json$/, (name) =>
    /\.json$/.test(name) ? known([jsonMutation]) : byteMutations,
  ),
  {
    ...{ name: "pictures", kind: "picture" },
    mutations: (name) => known(pictureMutations(name)),
    seeds:
      /^(fuzz\/seeds|golden\/data\/digits|unit\/pictures\/files)\/.*\.(png|jpe?g|webp|gif|tiff?|bmp)$/,
  },
  {
    ...{ name: "npy", kind: "array", mutations: always(npyMutations) },
    seeds: /^(fuzz\/seeds|golden\/data\/small)\/.*\.npy$/,
  },
];

const MAX_SEED = 200_000;
const MAX_SEEDS = 80;
const testFolder = fileURLToPath(new URL("..", import.meta.url));

/** Whether a target's seeds are folders, named by a file in them. */
export const inFolder = ({ name }: Target): boolean => name === "savedmodel" || name === "tfjs";

const sizeOfSeed = (target: Target, file: string): number =>
  inFolder(target)
    ? filesIn(path.dirname(file)).reduce((sum, one) => sum + statSync(one).size, 0)
    : statSync(file).size;

export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());

/** The smallest files first: a change hits something that matters, and each run is short. */
export function seedsOf(target: Target): string[] {
  const all = filesIn(testFolder).filter((file) =>
    target.seeds.test(path.relative(testFolder, file).replaceAll("\\", "/")),
  );
  const sized = all.map((file) => ({ file, size: sizeOfSeed(target, file) }));
  sized.sort((a, b) => a.size - b.size || (a.file < b.file ? -1 : 1));
  const small = sized.filter(({ size }, i) => size <= MAX_SEED || i === 0);
  return small.slice(0, MAX_SEEDS).map(({ file }) => file);
}
