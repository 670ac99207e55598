/** Real questions to the compute process, of every kind that a panel asks: small enough to be asked hundreds of times. */
import type { ConvLensApi } from "../../../src/host/api.ts";
import { attributionBy, gradCam, WHOLE } from "../../../src/shared/question.ts";
import { sample } from "./extension.ts";

type Compute = ConvLensApi["compute"]["remote"];

/** A question's name, and how it is asked. */
export interface Asking {
  readonly name: string;
  readonly ask: (compute: Compute) => Promise<unknown>;
}

/** The models that are asked. */
export const models = (): readonly string[] =>
  [
    sample("digits", "digits.h5"),
    sample("digits", "checkpoints", "epoch_03.h5"),
    sample("efficientnet-lite0.h5"),
  ].map(({ fsPath }) => fsPath);

/** Everything is drawn from seeds: the same question has the same answer, but for what `timeless` takes off. */
export function questions(): readonly Asking[] {
  const [model = "", other = "", lite0 = ""] = models();
  const image = sample("digits", "pictures", "digit_00_label6.png").fsPath;
  const chelsea = sample("chelsea.png").fsPath;
  const some = { first: 0, count: 16 };
  const question = gradCam(image, { top: 3 });
  const asked = {
    summary: (to) => to.summary({ model: lite0 }),
    filters: (to) =>
      to.filters({ model: lite0, layer: "stem_conv", scale: "layer", view: "colour", ...some }),
    activations: (to) =>
      to.activations({ model, layer: "conv2", image, scale: "map", preActivation: false, ...some }),
    inputCandidates: (to) => to.inputCandidates({ model, image }),
    predict: (to) => to.predict({ model: lite0, image: chelsea, top: 5 }),
    overview: (to) => to.overview({ model, image, perLayer: 4 }),
    cam: (to) => to.cam({ model: lite0, question: gradCam(chelsea, { top: 2 }), trust: false }),
    "score-cam": (to) =>
      to.cam({ model, question: { ...question, method: "score-cam" }, trust: true }),
    attribute: (to) => {
      const gradients = attributionBy("integrated-gradients", image, { top: 1 });
      return to.attribute({ model, question: { ...gradients, steps: 20 }, trust: true });
    },
    compare: (to) => to.compare({ model, other }),
    epoch: (to) => to.epoch({ model, previous: other, images: [image] }),
    kernelSheet: (to) => to.kernelSheet({ model, layer: "conv1" }),
    maximize: (to) => {
      const targets = [{ classIndex: 3 }];
      return to.maximize({
        model,
        question: { kind: "maximize", targets, ...WHOLE, recipe: "plain", steps: 20, seed: 1 },
      });
    },
    attack: (to) => {
      const any = { trueClass: null, target: null, ...WHOLE };
      const search = { population: 20, generations: 2, seed: 2 };
      const question = {
        kind: "attack",
        method: "de",
        image,
        pixels: 1,
        ...any,
        ...search,
      } as const;
      return to.attack({ model, question });
    },
    saveSidecar: (to) => to.saveSidecar({ model }),
  } satisfies Record<string, Asking["ask"]>;
  return Object.entries<Asking["ask"]>(asked).map(([name, ask]) => ({ name, ask }));
}

const TIMES: ReadonlySet<string> = new Set(["seconds", "evaluationsPerSecond"]);

/** An answer without how long it took. */
export const timeless = (answer: unknown): unknown =>
  typeof answer === "object" && answer !== null
    ? Object.fromEntries(Object.entries(answer).filter(([name]) => !TIMES.has(name)))
    : answer;
