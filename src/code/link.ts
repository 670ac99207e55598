/** Which layer of a model file each line of a script made. */
import type {
  CodeLink,
  CodeLinks,
  LinkReason,
  Script,
  ScriptLayer,
} from "../shared/contract/code.ts";
import type { LayerSummary } from "../shared/contract/model.ts";
import { align } from "./align.ts";
import { kindOf, sizeDoubt } from "./kinds.ts";

/** `scriptFile`: the script's own name, compared with the lines that exporters record. */
export function linkScript(
  script: Script,
  layers: readonly LayerSummary[],
  scriptFile: string,
): CodeLinks {
  const tried = script.models.map((model) => ({
    model,
    links: linkLayers(model.layers, layers, scriptFile),
  }));
  const best = tried.sort((a, b) => worth(b.links) - worth(a.links))[0];
  if (!best || worth(best.links) === 0)
    return { model: null, links: [], missing: [], brokenAt: script.brokenAt };
  const linked = new Set(best.links.map((link) => link.script));
  return {
    model: best.model.name,
    links: best.links,
    missing: best.model.layers.filter(
      (layer) => !linked.has(layer) && HAS_WEIGHTS.has(kindOf(layer.className)),
    ),
    brokenAt: script.brokenAt,
  };
}

const HAS_WEIGHTS: ReadonlySet<string> = new Set([
  "conv",
  "depthwise-conv",
  "transposed-conv",
  "dense",
]);
const WORTH: Readonly<Record<LinkReason, number>> = { name: 4, source: 4, order: 2, guess: 0 };

/** An activation or a pooling layer that happens to stand at the same place proves nothing. */
const worth = (links: readonly CodeLink[]): number =>
  links.reduce(
    (sum, { reason, script, doubt }) =>
      sum + (HAS_WEIGHTS.has(kindOf(script.className)) && doubt === null ? WORTH[reason] : 0),
    0,
  );

function linkLayers(
  code: readonly ScriptLayer[],
  layers: readonly LayerSummary[],
  scriptFile: string,
): CodeLink[] {
  const sure = new Map([...bySource(code, layers, scriptFile), ...byName(code, layers)]);
  const pairs = align(code, layers, sure);
  return pairs.map(([script, layer]): CodeLink => {
    const doubt = sizeDoubt(script, layer);
    const reason = sure.get(script)?.reason;
    const sized = script.filters !== null && script.sure && doubt === null;
    return { layer: layer.name, script, doubt, reason: reason ?? (sized ? "order" : "guess") };
  });
}

type Sure = ReadonlyMap<ScriptLayer, { readonly layer: LayerSummary; readonly reason: LinkReason }>;

/** Names that stand once on both sides: the file's own, without the outer models' (`outer/conv1`), or an alias. */
function byName(code: readonly ScriptLayer[], layers: readonly LayerSummary[]): Sure {
  const named = new Map<string, LayerSummary | null>();
  const note = (name: string, layer: LayerSummary): void => {
    const before = named.get(name);
    named.set(name, before === undefined || before === layer ? layer : null);
  };
  for (const layer of layers)
    for (const name of [layer.name, ...layer.aliases]) {
      note(name, layer);
      const inner = name.split("/").at(-1);
      if (inner !== undefined && inner !== name) note(inner, layer);
    }
  const found = new Map<ScriptLayer, { layer: LayerSummary; reason: LinkReason }>();
  const taken = new Set<LayerSummary>();
  for (const script of code) {
    const layer = script.name === null ? undefined : named.get(script.name);
    if (!layer || taken.has(layer)) continue;
    taken.add(layer);
    found.set(script, { layer, reason: "name" });
  }
  return found;
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** Lines that the exporter recorded; several layers of one line go in order. */
function bySource(
  code: readonly ScriptLayer[],
  layers: readonly LayerSummary[],
  scriptFile: string,
): Sure {
  const found = new Map<ScriptLayer, { layer: LayerSummary; reason: LinkReason }>();
  const own = layers.filter(
    ({ source }) => source !== null && baseName(source.file) === baseName(scriptFile),
  );
  for (const line of new Set(code.map((script) => script.line))) {
    const here = code.filter((script) => script.line === line);
    const there = own.filter(({ source }) => source?.line === line);
    if (here.length === there.length)
      here.forEach((script, i) => {
        const layer = there[i];
        if (layer) found.set(script, { layer, reason: "source" });
      });
  }
  return found;
}
