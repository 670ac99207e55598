import type { CallContext, Handlers, Progress, Remote } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { PanelContract, ScopedToTwo } from "../../shared/contract/panel.ts";
import type { Question } from "../../shared/question.ts";
import { inputError, usageError, type ConvLensError } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { CALL_RULES, judged, notUnderstood, type ComputeCall } from "./call-rules.ts";

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
  remote: Pick<Remote<ComputeContract>, ComputeCall>,
  /** The model that calls go to, once they may. */
  model: () => Promise<string>,
  trusted: () => boolean,
  /** Throws where one of the paths was chosen by nobody. */
  checkPictures: (paths: readonly unknown[]) => void,
  /** The model that it is compared with. */
  other: () => Promise<string> = model,
  /** Told of every question that is asked. */
  asked: (question: Question) => void = () => undefined,
): Pick<Handlers<PanelContract>, ComputeCall> {
  const scopeOf = async (method: ComputeCall): Promise<object> => {
    if (method === "image") return {}; // of no model
    const own = { model: await model() };
    return Object.hasOwn(OF_TWO, method) ? { ...own, other: await other() } : own;
  };
  const forward =
    (method: ComputeCall): AnyHandler =>
    async (params, context) => {
      if (CALL_RULES[method].need === "run" && !trusted()) throw notTrusted();
      const { params: given, pictures } = judged(method, params);
      checkPictures(pictures);
      if (ASKING.has(method)) asked((given as { question: Question }).question);
      const call = remote[method] as (params: unknown, options: object) => Promise<unknown>;
      return call(
        { ...given, ...(await scopeOf(method)) },
        { signal: context.signal, onProgress: (progress: Progress) => context.progress(progress) },
      );
    };
  const methods = Object.keys(CALL_RULES) as ComputeCall[];
  return Object.fromEntries(methods.map((method) => [method, forward(method)])) as Pick<
    Handlers<PanelContract>,
    ComputeCall
  >;
}

/** The calls by which a lens asks what it shows. */
const ASKING: ReadonlySet<ComputeCall> = new Set(["cam", "attribute", "attack", "maximize"]);

/** Pictures larger than this are not taken from the clipboard or a drop. */
export const MOST_PICTURE_BYTES = 64 * 1024 * 1024;

/** Throws a ConvLensError where what a page sent are no bytes (`usage`), none at all, or more than 64 MiB (`input`). */
export function checkPicture(bytes: Uint8Array): void {
  checkBytes(bytes);
  if (bytes.byteLength === 0) throw inputError(t("What was dropped is empty."));
  if (bytes.byteLength > MOST_PICTURE_BYTES)
    throw inputError(t("What was dropped is larger than 64 MB; open it from a file instead."));
}

/** Throws a ConvLensError of kind `usage`: a page may send anything in place of bytes. */
export function checkBytes(bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) throw notUnderstood();
}
