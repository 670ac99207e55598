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
      return { script: file, entry, given, found, layers: layers.length };
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

/** Of the checkpoint first, of a call then; what has a default and no word in either is left out. */
function argumentsOf(
  { name, parameters }: ScriptEntry,
  calls: readonly EntryCall[],
  settings: readonly string[],
): string[] {
  const own = calls.filter((call) => call.name === name);
  const [call] = own.sort((a, b) => known(b) - known(a));
  const told = new Map(settings.map((one) => [one.slice(0, one.indexOf("=")), one] as const));
  return parameters.flatMap((parameter, i) => {
    const kept = told.get(parameter.name);
    if (kept !== undefined) return [kept];
    const named = call?.named.find(([key]) => key === parameter.name);
    const value = named ? named[1] : (call?.positional[i] ?? null);
    if (value !== null) return value === parameter.standard ? [] : [`${parameter.name}=${value}`];
    return parameter.standard === null ? [`${parameter.name}=`] : [];
  });
}

const known = ({ named, positional }: EntryCall): number =>
  [...named.map(([, value]) => value), ...positional].filter((value) => value !== null).length;
