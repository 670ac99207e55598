import { usageError } from "../../base/errors.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { PanelContract } from "../../shared/contract/panel.ts";
import { t } from "../../shared/l10n.ts";

/** Calls that go on from the controller: those that name their own checkpoints, and those of the model itself, whatever checkpoint is looked at. */
type OwnCall = "epoch" | "accuracy" | "animate" | "setPreprocessing" | "saveSidecar";
/** The calls that the compute process answers for the model, or the checkpoint, that a panel looks at. */
export type ComputeCall = Exclude<keyof PanelContract & keyof ComputeContract, OwnCall>;

/** The pictures, arrays and folders that a field names by path. A page may send anything: whoever checks them takes none for a text. */
type Field = (value: unknown) => readonly unknown[];
/** What a field of a call is: one that is not judged here does not compile, and one that is not listed goes nowhere. */
type Fields<P> = { readonly [F in keyof Required<P>]: Field };
interface Rule<P> {
  /** `open` works everywhere, `run` only in a trusted workspace. */
  readonly need: "open" | "run";
  readonly fields: Fields<P>;
}

const open = <P>(fields: Fields<P>): Rule<P> => ({ need: "open", fields });
const run = <P>(fields: Fields<P>): Rule<P> => ({ need: "run", fields });

const other: Field = () => [];
const picture: Field = (path) => [path];
const pictures: Field = (paths) => (paths === undefined || paths === null ? [] : listed(paths));
/** A region, and what an embedding is compared with, are pictures as well. */
function fileIn(where: unknown): unknown[] {
  const { file } = (where ?? {}) as { readonly file?: unknown };
  return file === undefined ? [] : [file];
}
const question: Field = (asked) => {
  const named: { image?: unknown; images?: unknown; where?: unknown } = fieldsOf(asked);
  return [named.image, ...pictures(named.images), ...fileIn(named.where)];
};

/** A part of a question, where there is one. */
const part: Field = (of) => (of === undefined ? [] : question(of));

const page = { first: other, count: other };
const tiles = { layer: other, difference: other, sort: other, ...page };
const two = { image: picture, otherImage: picture };

/** What each call needs and names, exhaustive by type. */
export const CALL_RULES: { readonly [K in ComputeCall]: Rule<Parameters<PanelContract[K]>[0]> } = {
  summary: open({}),
  graph: open({}),
  image: open({ path: picture }),
  modelView: open({ image: picture, on: other }),
  filters: open({ layer: other, scale: other, view: other, ...page }),
  filterValues: open({ layer: other, filter: other }),
  receptiveField: open({ layer: other, y: other, x: other }),
  inputCandidates: run({ image: picture }),
  predict: run({ image: picture, top: other, output: other, thresholds: other }),
  activations: run({
    layer: other,
    image: picture,
    scale: other,
    preActivation: other,
    slice: other,
    ...page,
  }),
  cellMaps: run({ layer: other, image: picture, y: other, x: other, count: other }),
  mapValues: run({
    layer: other,
    image: picture,
    channel: other,
    preActivation: other,
    slice: other,
  }),
  layerNumbers: run({ layer: other, image: picture, preActivation: other }),
  overview: run({ image: picture, perLayer: other, layers: other, of: part }),
  flow: run({ image: picture, classIndex: other, output: other, where: fileIn }),
  dotProduct: run({ layer: other, image: picture, filter: other, y: other, x: other }),
  cam: run({ question, trust: other }),
  maximize: run({ question }),
  attack: run({ question }),
  attribute: run({ question, trust: other }),
  sanity: run({ question, seed: other }),
  census: run({ paths: listed }),
  filterProfile: run({ layer: other, filter: other }),
  gif: open({ width: other, height: other, frames: other }),
  compare: open({}),
  compareFilters: open({ ...tiles, channel: other }),
  comparePictures: open(two),
  compareNumbers: run({ layer: other, pictures, index: other }),
  compareMaps: run({ ...tiles, ...two }),
  compareCam: run({ question, otherImage: picture, difference: other }),
  comparePredictions: run({ ...two, top: other, output: other, where: fileIn }),
};

/** The fields that a call has, of whatever a page sent, and what they name. Throws a ConvLensError of kind `usage` for what has no fields. */
export function judged(
  method: ComputeCall,
  sent: unknown,
): { readonly params: object; readonly pictures: readonly unknown[] } {
  const given = fieldsOf(sent) as Readonly<Record<string, unknown>>;
  const fields = Object.entries<Field>(CALL_RULES[method].fields);
  const params = fields.flatMap(([name]) =>
    Object.hasOwn(given, name) ? [[name, given[name]] as const] : [],
  );
  return {
    params: Object.fromEntries(params),
    pictures: fields.flatMap(([name, field]) => field(given[name])),
  };
}

/** A call's parameters, of whatever type a page sent them. Throws a ConvLensError of kind `usage` for what has no fields. */
export function fieldsOf(value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw notUnderstood();
}

/** A text by its characters would be a list of paths as well. Throws a ConvLensError of kind `usage`. */
export function listed(value: unknown): readonly unknown[] {
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
