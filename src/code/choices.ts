/** Which entry of which script is likeliest to have made the weights, and how it was called. */
import type { SizeUse } from "../shared/contract/code.ts";
import type {
  EntryCall,
  ExportChoice,
  ScriptEntry,
  ScriptText,
} from "../shared/contract/export.ts";
import { readEntries } from "./entries.ts";
import { readScript } from "./index.ts";

/** What is known of the weights. */
export interface Weights {
  /** Names of the layers in the file. */
  readonly layers: readonly string[];
  /** `name=value`, of what the checkpoint keeps of its arguments. */
  readonly settings: readonly string[];
}
/** The likeliest first, and the size of pictures that the likeliest script names. */
export interface Choices {
  readonly choices: readonly ExportChoice[];
  readonly size: readonly [rows: number, columns: number] | null;
}

interface Read {
  readonly file: string;
  readonly entries: readonly ScriptEntry[];
  readonly layersOf: ReadonlyMap<string, readonly string[]>;
  readonly size: Choices["size"];
}

/** Scripts are read one by one; one that cannot be read makes nothing. */
export async function exportChoices(
  scripts: readonly ScriptText[],
  weights: Weights,
): Promise<Choices> {
  const read: Read[] = [];
  const calls: EntryCall[] = [];
  const codes = new Map(scripts.map(({ file, code }) => [file, code]));
  for (const { file, code } of scripts) {
    const [script, own] = await Promise.all([readScript(code), readEntries(code)]);
    calls.push(...own.calls);
    const layersOf = new Map(
      script.models.map(({ name, layers }) => [name, layers.flatMap((layer) => layer.name ?? [])]),
    );
    read.push({ file, entries: own.entries, layersOf, size: sizeIn(script.sizes) });
  }
  const choices = read.flatMap(({ file, entries, layersOf }) =>
    entries.map((entry): ExportChoice => {
      const layers = layersOf.get(entry.name) ?? [];
      const found = layers.filter((name) => weights.layers.some((own) => ends(own, name))).length;
      const given = argumentsOf(entry, calls, weights.settings);
      const settings = settingsOf(entry, given, weights.settings, codes.get(file) ?? "");
      return { script: file, entry, given, settings, found, layers: layers.length };
    }),
  );
  const sorted = choices.sort(
    (a, b) => b.found - a.found || RANK[a.entry.kind] - RANK[b.entry.kind],
  );
  const first = sorted[0]?.script;
  const likeliest = read.find(({ file, size }) => file === first && size !== null);
  const size = likeliest?.size ?? read.find((one) => one.size !== null)?.size ?? null;
  return { choices: sorted, size };
}

const RANK: Readonly<Record<ScriptEntry["kind"], number>> = { variable: 0, class: 1, function: 2 };
const ends = (own: string, name: string): boolean => own === name || own.endsWith(`.${name}`);

/** What pictures are cut to comes last, so it counts before what they are resized to. */
function sizeIn(sizes: readonly SizeUse[]): Choices["size"] {
  const kinds = ["crop", "input", "resize"] as const;
  for (const wanted of kinds) {
    const use = sizes.find(({ kind }) => kind === wanted);
    if (use) return [use.height, use.width];
  }
  return null;
}

/** What people call all settings in one; the helper fills it in, by the same names. */
const HOLDERS =
  /^(args?|opts?|cfg|conf|configs?|hparams?|hps|params|options|settings|flags|FLAGS)$/;

/** Those of the checkpoint that the script names, where one of the arguments holds them. */
function settingsOf(
  { parameters }: ScriptEntry,
  given: readonly string[],
  settings: readonly string[],
  code: string,
): string[] {
  const named = new Set(given.map(nameIn));
  const holds = parameters.some(
    ({ name, standard }) => standard === null && HOLDERS.test(name) && !named.has(name),
  );
  if (!holds) return [];
  const words = new Set(code.match(/[A-Za-z_]\w*/g));
  return settings.filter((one) => words.has(nameIn(one)));
}
const nameIn = (one: string): string => one.slice(0, one.indexOf("="));

/** Of the checkpoint first, of a call then; what has a default and no word in either is left out. */
function argumentsOf(
  { name, parameters, others }: ScriptEntry,
  calls: readonly EntryCall[],
  settings: readonly string[],
): string[] {
  const ofIt = calls.filter((call) => call.name === name);
  const [call] = ofIt.sort((a, b) => valuesIn(b) - valuesIn(a));
  const told = new Map(settings.map((one) => [nameIn(one), one] as const));
  const own = parameters.flatMap((parameter, i) => {
    const kept = told.get(parameter.name);
    if (kept !== undefined) return [kept];
    const named = call?.named.find(([key]) => key === parameter.name);
    const value = named ? named[1] : (call?.positional[i] ?? null);
    if (value !== null) return value === parameter.standard ? [] : [`${parameter.name}=${value}`];
    return parameter.standard === null && !HOLDERS.test(parameter.name)
      ? [`${parameter.name}=`]
      : [];
  });
  const more = others ? (call?.named ?? []) : [];
  const known = new Set(parameters.map((parameter) => parameter.name));
  return [
    ...own,
    ...more.flatMap(([key, value]) =>
      value === null || known.has(key) ? [] : [`${key}=${value}`],
    ),
  ];
}

const valuesIn = ({ named, positional }: EntryCall): number =>
  [...named.map(([, value]) => value), ...positional].filter((value) => value !== null).length;
