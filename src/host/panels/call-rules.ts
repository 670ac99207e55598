import { usageError } from "../../base/errors.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { PanelContract } from "../../shared/contract/panel.ts";
import { t } from "../../shared/l10n.ts";

/** The calls that the compute process answers for a panel's model; `epoch` and `animate` name their own checkpoints. */
export type ComputeCall = Exclude<keyof PanelContract & keyof ComputeContract, "epoch" | "animate">;

type Asked<K extends keyof PanelContract> = Parameters<PanelContract[K]>[0];
interface Rule<P> {
  /** `open` works everywhere, `run` only in a trusted workspace. */
  readonly need: "open" | "run";
  /** The pictures, arrays and folders that a call names by path. A page may send anything: whoever checks them takes none for a text. */
  readonly pictures: (params: P) => readonly unknown[];
}

const open = <P>(pictures: Rule<P>["pictures"]): Rule<P> => ({ need: "open", pictures });
const run = <P>(pictures: Rule<P>["pictures"]): Rule<P> => ({ need: "run", pictures });

const none = (): [] => [];
const image = ({ image }: { image: string | null }): unknown[] => [image];
const both = ({ image, otherImage }: Record<"image" | "otherImage", string>): unknown[] => [
  image,
  otherImage,
];
const ofQuestion = ({ question }: { question: { image: string } }): unknown[] => [
  fieldsOf(question).image,
];

/** What each call needs and names, exhaustive by type. */
export const CALL_RULES: { readonly [K in ComputeCall]: Rule<Asked<K>> } = {
  summary: open(none),
  setPreprocessing: open(none),
  saveSidecar: run(none),
  image: open(({ path }) => [path]),
  modelView: open(image),
  filters: open(none),
  filterValues: open(none),
  receptiveField: open(none),
  predict: run(image),
  activations: run(image),
  mapValues: run(image),
  layerNumbers: run(image),
  overview: run(image),
  dotProduct: run(image),
  cam: run(ofQuestion),
  maximize: run(({ question }) => listed(fieldsOf(question).images ?? [])),
  attack: run(ofQuestion),
  attribute: run(ofQuestion),
  sanity: run(ofQuestion),
  census: run(({ paths }) => listed(paths)),
  filterProfile: run(none),
  gif: open(none),
  compare: open(none),
  compareFilters: open(none),
  comparePictures: open(both),
  compareNumbers: run(({ pictures }) => (pictures === null ? [] : listed(pictures))),
  compareMaps: run(both),
  compareCam: run(({ question, otherImage }) => [fieldsOf(question).image, otherImage]),
  comparePredictions: run(both),
};

/** A call's parameters, of whatever type a page sent them. Throws a ConvLensError of kind `usage` for what has no fields. */
export function fieldsOf<T>(value: T): T & object {
  if (typeof value === "object" && value !== null) return value;
  throw notUnderstood();
}

/** A text by its characters would be a list of paths as well. Throws a ConvLensError of kind `usage`. */
export function listed(value: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw notUnderstood();
}

/** Throws a ConvLensError of kind `usage` for what is no text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw notUnderstood();
}

/** A page asked for something of another shape than agreed on. */
export const notUnderstood = (): Error =>
  usageError(t("This panel asked for something that is not understood; reload the window."));
