/** Well-formed parameters of every call of a panel, exhaustive by type; what is wrong with them comes after (`values.ts`). */
import { ATTACKS, ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../../../src/shared/catalogue.ts";
import { LENS_NAMES } from "../../../src/shared/contract/intent.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import { firstIntent } from "../../../src/host/panels/intent.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type AttackQuestion,
  type MaximizeQuestion,
  WHOLE,
} from "../../../src/shared/question.ts";
import type { Random } from "../random.ts";
import type { Places } from "./values.ts";

export type Maker<P> = (random: Random, places: Places) => P;
type Makers = { readonly [K in keyof PanelContract]: Maker<Parameters<PanelContract[K]>[0]> };

const LAYERS = ["conv", "pool", "maps", "scores"];
const namesOf = <T extends string>(table: Readonly<Record<T, unknown>>): T[] =>
  Object.keys(table) as T[];

const image: Maker<string> = (random, { picture, array, foreign }) =>
  random.chance(0.6) ? picture : random.pick([array, random.pick(foreign)]);
const images: Maker<string[]> = (random, places) =>
  Array.from({ length: random.below(3) }, () => image(random, places));
const layer = (random: Random): string => random.pick(LAYERS);
const index = (random: Random): number => random.below(5);
const ofImage: Maker<{ image: string }> = (...given) => ({ image: image(...given) });
const ofTwo: Maker<{ image: string; otherImage: string }> = (...given) => ({
  image: image(...given),
  otherImage: image(...given),
});
const nothing = (): Record<string, never> => ({});

const cam: Maker<ReturnType<typeof gradCam>> = (random, places) => ({
  ...gradCam(image(random, places), [classTarget(index(random))], layer(random)),
  method: random.pick(namesOf(CAM_METHODS)),
});
const attribution: Maker<ReturnType<typeof attributionBy>> = (random, places) => ({
  ...attributionBy(random.pick(namesOf(ATTRIBUTIONS)), image(random, places), { top: 1 }),
  steps: 1 + random.below(4),
});
const attack: Maker<AttackQuestion> = (random, places) => ({
  ...{ kind: "attack", image: image(random, places), method: random.pick(namesOf(ATTACKS)) },
  ...{ pixels: 1, trueClass: null, target: null, ...WHOLE, population: 4, generations: 2, seed: 0 },
});
const maximize: Maker<MaximizeQuestion> = (random, places) => ({
  ...{ kind: "maximize", ...WHOLE },
  targets: [
    random.pick([
      { layer: layer(random), filter: index(random) },
      { classIndex: index(random) },
      { expression: "conv:0 + 0.5*maps:1@1,1 - class:1" },
    ]),
  ],
  ...{ recipe: random.pick(namesOf(RECIPES)), steps: 2, seed: 0 },
  images: images(random, places),
});
const FLOW = { classIndex: null, output: null, where: null } as const;
const page = { first: 0, count: 4 } as const;
const tiles = (random: Random) =>
  ({ layer: layer(random), difference: "same", sort: "index", ...page }) as const;

/** What a page of ours would ask. */
export const PANEL_MESSAGES: Makers = {
  summary: nothing,
  graph: nothing,
  cellMaps: (random, places) => ({
    ...{ layer: layer(random), image: image(random, places), count: 3 },
    ...{ y: index(random), x: index(random) },
  }),
  flow: (random, places) => ({ ...FLOW, image: image(random, places) }),
  setPreprocessing: (random) => ({
    preprocessing: random.pick([
      null,
      {
        ...{ order: "rgb", scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], fit: "crop" },
        ...{ source: "user", why: "" },
      } as const,
    ]),
  }),
  saveSidecar: (random, places) => ({
    inputs: random.pick([
      { x: random.pick([0, null, [1, 2], image(random, places)]) },
      { y: { mean: image(random, places) } },
    ]),
  }),
  modelView: ofImage,
  filters: (random) => ({ layer: layer(random), scale: "filter", view: "colour", ...page }),
  filterValues: (random) => ({ layer: layer(random), filter: index(random) }),
  inputCandidates: ofImage,
  predict: (...given) => ({ ...ofImage(...given), top: 3 }),
  activations: (random, places) => ({
    ...{ layer: layer(random), image: image(random, places), scale: "map" },
    ...{ preActivation: false, ...page },
  }),
  mapValues: (random, places) => ({
    ...{ layer: layer(random), image: image(random, places) },
    ...{ channel: index(random), preActivation: false },
  }),
  layerNumbers: (random, places) => ({
    ...{ layer: layer(random), image: random.pick([null, image(random, places)]) },
    preActivation: false,
  }),
  overview: (random, ...given) => ({
    ...ofImage(random, ...given),
    perLayer: 2,
    ...random.pick([{}, { layers: [layer(random)] }, { of: FLOW }]),
  }),
  receptiveField: (random) => ({ layer: layer(random), y: index(random), x: index(random) }),
  dotProduct: (random, places) => ({
    ...{ layer: layer(random), image: image(random, places) },
    ...{ filter: index(random), y: index(random), x: index(random) },
  }),
  cam: (...given) => ({ question: cam(...given), trust: false }),
  maximize: (...given) => ({ question: maximize(...given) }),
  attack: (...given) => ({ question: attack(...given) }),
  attribute: (...given) => ({ question: attribution(...given), trust: false }),
  sanity: (random, places) => ({
    question: random.chance(0.5) ? cam(random, places) : attribution(random, places),
    seed: 0,
  }),
  census: (random, places) => ({
    paths: random.chance(0.5) ? [places.folder] : images(random, places),
  }),
  filterProfile: (random) => ({ layer: layer(random), filter: index(random) }),
  gif: () => ({
    ...{ width: 2, height: 2 },
    frames: [
      { rgb: new Uint8Array(12), step: 1 },
      { rgb: new Uint8Array(12), step: 2 },
    ],
  }),
  compare: nothing,
  compareFilters: (random) => ({ ...tiles(random), channel: "colour" }),
  compareMaps: (random, places) => ({ ...tiles(random), ...ofTwo(random, places) }),
  compareNumbers: (random, places) => ({
    layer: layer(random),
    pictures: random.pick([null, [image(random, places), image(random, places)] as const]),
    index: random.pick([null, index(random)]),
  }),
  compareCam: (...given) => ({
    ...{ question: cam(...given), otherImage: image(...given), difference: "same" },
  }),
  comparePredictions: (...given) => ({ ...ofTwo(...given), ...WHOLE, top: 3 }),
  comparePictures: ofTwo,
  ready: nothing,
  giveLabels: (random, places) => ({
    given: random.pick([
      "imagenet",
      { text: "a\nb\nc\nd", name: random.pick(["labels.txt", "../../labels.txt"]) },
      { uri: `file://${random.pick([...places.foreign, places.model])}` },
    ] as const),
  }),
  reload: (random) => ({ byItself: random.chance(0.5) }),
  series: nothing,
  accuracy: (random, places) => ({
    checkpoint: random.pick([places.checkpoint, places.model, random.pick(places.foreign)]),
    folder: random.pick([places.folder, random.pick(places.foreign)]),
  }),
  epoch: (random, places) => ({
    checkpoint: random.pick([places.checkpoint, places.model, random.pick(places.foreign)]),
    previous: random.pick([null, places.model, random.pick(places.foreign)]),
    images: images(random, places),
  }),
  animate: (random, places) => ({
    of: random.pick([
      { kind: "filters", layer: layer(random) },
      { kind: "maps", layer: layer(random), image: image(random, places) },
      { kind: "cam", layer: "auto", image: image(random, places), classIndex: 0 },
    ] as const),
  }),
  saveReport: nothing,
  showCode: nothing,
  setIntent: (random, places) => ({
    turn: random.below(4),
    patch: {
      ...firstIntent(random.pick([places.model, random.pick(places.foreign)])),
      lens: random.pick(LENS_NAMES),
      images: images(random, places),
      image: image(random, places),
      otherImage: image(random, places),
      other: random.pick([null, places.other, random.pick(places.foreign)]),
      checkpoint: random.pick([null, places.checkpoint, random.pick(places.foreign)]),
      follow: random.chance(0.5),
    },
  }),
  image: (...given) => ({ path: image(...given) }),
  pickImages: nothing,
  pickInput: () => ({ name: "facts" }),
  pickOther: nothing,
  pickStructure: nothing,
  runCheckpoint: nothing,
  pickFolder: (random) => ({ ofClasses: random.chance(0.5) }),
  keepImage: (random) => ({
    name: random.pick(["a.png", "../../x.png", "/etc/cron.d/x", "..", ""]),
    bytes: new Uint8Array([1, 2, random.below(4)]),
  }),
  resolveUris: (random, places) => ({
    uris: [random.pick([`file://${places.dropped}`, places.dropped, random.pick(places.foreign)])],
  }),
  save: (random) => ({ name: random.pick(["a.png", "../../x"]), bytes: new Uint8Array(3) }),
  openSource: (random, places) => ({
    file: random.pick(["train.py", random.pick(places.foreign)]),
    line: 1 + random.below(3),
  }),
  codeLines: nothing,
  goToCode: (random) => ({ layer: layer(random) }),
  openWalkthrough: nothing,
  command: (random) => ({
    id: random.pick(["convlens.installNative", "convlens.showLog", "convlens.restart"] as const),
  }),
};
