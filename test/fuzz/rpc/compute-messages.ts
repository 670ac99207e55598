/** Well-formed parameters of every call of the compute process, as the host sends them, exhaustive by type. */
import { PLAIN_REPORT } from "../../../src/shared/question.ts";
import { TOOLS } from "../../../src/assistant/index.ts";
import type { ComputeContract } from "../../../src/shared/contract/compute.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import { PANEL_MESSAGES, type Maker } from "./panel-messages.ts";

/**
 * These take nothing of a page: they ask the network, load whatever engine is there, look for interpreters, and run what a person agreed
 * to.
 */
export type ComputeCall = Exclude<
  keyof ComputeContract,
  "installNative" | "doctor" | "exportTools" | "exportStructure"
>;
/** Of a panel: the host adds the models. */
export type PanelCall = ComputeCall & keyof PanelContract;
type OwnCall =
  | Exclude<ComputeCall, PanelCall>
  | "epoch"
  | "accuracy"
  | "animate"
  | "setPreprocessing"
  | "saveSidecar";
type Makers = { readonly [K in OwnCall]: Maker<Parameters<ComputeContract[K]>[0]> };

const CODE = `import keras
model = keras.Sequential([keras.layers.Conv2D(6, 3, name="conv"), keras.layers.Dense(4)])
model.save("epoch_1.keras")
`;
const nothing = (): Record<string, never> => ({});
const ofModel: Maker<{ model: string }> = (_random, { model }) => ({ model });

const toolArguments: Maker<Record<string, unknown>> = (random, places) => {
  const place = (own: string): string => (random.chance(0.5) ? own : random.pick(places.foreign));
  return {
    ...{ model: place(places.model), image: place(places.picture), images: place(places.folder) },
    ...{ layer: "conv", top: 3, y: 0, x: 0 },
  };
};

/** What the host asks beside a panel's calls. */
export const HOST_MESSAGES: Makers = {
  configure: () => ({ engine: "wasm", memoryBudgetBytes: 2 ** 28 }),
  engine: nothing,
  held: nothing,
  release: ofModel,
  setPreprocessing: (...given) => ({
    ...ofModel(...given),
    ...PANEL_MESSAGES.setPreprocessing(...given),
  }),
  saveSidecar: ofModel,
  keepLabels: (random, { model }) => ({
    model,
    labels: random.pick(["imagenet", { text: "a\nb\nc\nd", name: "labels.txt" }] as const),
  }),
  structureChoices: ofModel,
  chooseStructure: (_random, { model, other }) => ({ model, structure: other }),
  exportChoices: (_random, { model }) => ({
    model,
    scripts: [{ file: "train.py", code: CODE }],
  }),
  accuracy: (random, { model, checkpoint, folder }) => ({
    model: random.pick([model, checkpoint]),
    folder,
  }),
  epoch: (random, { model, checkpoint, picture, array }) => ({
    ...{ model: checkpoint, previous: random.pick([null, model]) },
    images: random.pick([[picture], [picture, array], []]),
  }),
  animate: (random, places) => ({
    checkpoints: [places.model, places.checkpoint].map((path, step) => ({ path, step })),
    of: PANEL_MESSAGES.animate(random, { ...places, foreign: [places.picture] }).of,
    keep: [places.model],
  }),
  reproduce: (random, places) => ({
    model: places.model,
    shown: random.pick([
      { kind: "model", image: places.picture },
      { kind: "filters", layer: "conv", filter: 1 },
      PANEL_MESSAGES.cam(random, places).question,
      PANEL_MESSAGES.maximize(random, places).question,
    ] as const),
  }),
  report: (_random, { model, picture }) => ({
    ...{ model, pictures: [picture], version: "1", asked: PLAIN_REPORT },
  }),
  readScript: () => ({ code: CODE }),
  linkScript: (random, places) => ({
    ...ofModel(random, places),
    ...{ code: CODE, file: "train.py" },
  }),
  recordedModel: (_random, { model }) => ({ models: [model], code: CODE, file: "train.py" }),
  kernelSheet: (_random, { model }) => ({ model, layer: "conv" }),
  useTool: (random, places) => ({
    name: random.pick(TOOLS).name,
    args: toolArguments(random, places),
    roots: [places.model, places.picture, places.folder],
  }),
};
