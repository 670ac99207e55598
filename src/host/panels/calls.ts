import type { CallContext, Handlers, Progress, Remote } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { PanelContract, ScopedToTwo } from "../../shared/contract/panel.ts";
import type { Asked, AttackQuestion, MaximizeQuestion, Question } from "../../shared/question.ts";
import { inputError, usageError, type ConvLensError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";

/** `epoch` and `animate` name their own checkpoints. */
type Call = Exclude<keyof PanelContract & keyof ComputeContract, "epoch" | "animate">;
/** What a panel's call needs: `open` everywhere, `run` only in a trusted workspace. `image` is of no model. */
type Need = "open" | "run";

/** Every compute call that a panel may make for its model, exhaustive by type. */
const NEEDS: Readonly<Record<Exclude<Call, "image">, Need>> = {
  summary: "open",
  setPreprocessing: "open",
  saveSidecar: "run",
  modelView: "open",
  filters: "open",
  filterValues: "open",
  receptiveField: "open",
  predict: "run",
  activations: "run",
  mapValues: "run",
  layerNumbers: "run",
  overview: "run",
  dotProduct: "run",
  cam: "run",
  maximize: "run",
  attack: "run",
  attribute: "run",
  sanity: "run",
  census: "run",
  filterProfile: "run",
  gif: "open",
  compare: "open",
  compareFilters: "open",
  comparePictures: "open",
  compareNumbers: "run",
  compareMaps: "run",
  compareCam: "run",
  comparePredictions: "run",
};
const OF_TWO: Readonly<Record<ScopedToTwo, true>> = {
  compare: true,
  compareFilters: true,
  comparePictures: true,
  compareNumbers: true,
  compareMaps: true,
  compareCam: true,
  comparePredictions: true,
};

/** An error of kind `usage`: what was asked for runs a network, which needs a trusted workspace. */
export const notTrusted = (): ConvLensError =>
  usageError(
    t(
      "This workspace is not trusted, so ConvLens computes nothing in it: layers and filters are shown, predictions and heat maps are not. Choose 'Workspaces: Manage Workspace Trust' to trust it.",
    ),
  );

type AnyHandler = (params: unknown, context: CallContext) => Promise<unknown>;

/** What the compute process answers, for one model. */
export function computeCalls(
  remote: Pick<Remote<ComputeContract>, Call>,
  /** The model that calls go to, once they may. */
  model: () => Promise<string>,
  trusted: () => boolean,
  /** The model that it is compared with. */
  other: () => Promise<string> = model,
  /** Told of every question that is asked. */
  asked: (question: Question) => void = () => undefined,
): Pick<Handlers<PanelContract>, Call> {
  const forward =
    (method: Call, need: Need): AnyHandler =>
    async (params, context) => {
      if (need === "run" && !trusted()) throw notTrusted();
      const question = questionIn(method, params);
      if (question) asked(question);
      const call = remote[method] as (params: unknown, options: object) => Promise<unknown>;
      const own = { ...(params as object), model: await model() };
      const scoped = Object.hasOwn(OF_TWO, method) ? { ...own, other: await other() } : own;
      return call(scoped, {
        signal: context.signal,
        onProgress: (progress: Progress) => context.progress(progress),
      });
    };
  const scoped = Object.entries(NEEDS).map(([method, need]) => [
    method,
    forward(method as Call, need),
  ]);
  return {
    ...(Object.fromEntries(scoped) as Pick<Handlers<PanelContract>, Exclude<Call, "image">>),
    image: ({ path }, { signal }) => remote.image({ path }, { signal }),
  };
}

/** What a call asks, where it is one that asks a question. */
function questionIn(method: Call, params: unknown): Question | null {
  switch (method) {
    case "cam":
    case "attribute":
      return (params as { question: Question }).question;
    case "attack":
      return { kind: "attack", ...(params as Asked<AttackQuestion>) };
    case "maximize":
      return { kind: "maximize", ...(params as Asked<MaximizeQuestion>) };
    default:
      return null;
  }
}

/** Pictures larger than this are not taken from the clipboard or a drop. */
export const MOST_PICTURE_BYTES = 64 * 1024 * 1024;

/** Throws a ConvLensError of kind `input` where a picture is empty or larger than 64 MiB. */
export function checkPicture(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw inputError(t("What was dropped is empty."));
  if (bytes.byteLength > MOST_PICTURE_BYTES)
    throw inputError(t("What was dropped is larger than 64 MB; open it from a file instead."));
}
