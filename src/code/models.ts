/** The models of a script, from what following it has found. */
import type { Library, ScriptLayer, ScriptModel } from "../shared/contract/code.ts";
import type { Built } from "./script-layer.ts";
import { layersIn } from "./python/layers.ts";
import type { Holder, Run } from "./python/run.ts";
import type { Value } from "./python/values.ts";

interface Candidate extends Holder {
  readonly layers: readonly { readonly built: Built; readonly path: readonly string[] }[];
}

/** Each model once: what is part of another one is not listed, and layers that nothing holds make a model of their own. */
export function modelsOf(run: Run): ScriptModel[] {
  const candidates = run.holders
    .map((holder): Candidate => ({ ...holder, layers: layersIn(holder.value) }))
    .filter(({ layers }) => layers.length > 0)
    .sort((a, b) => b.layers.length - a.layers.length);
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const own = candidate.layers.map(({ built }) => built);
    const part = kept.some(({ layers }) => {
      const others = new Set(layers.map(({ built }) => built));
      return own.every((built) => others.has(built));
    });
    if (!part) kept.push(candidate);
  }
  const held = new Set(kept.flatMap(({ layers }) => layers.map(({ built }) => built)));
  const containers = new Set(
    run.holders.flatMap(({ value }) => (value.kind === "container" ? [value.built] : [])),
  );
  const loose = run.built.filter((built) => !held.has(built) && !containers.has(built));
  const models = kept
    .sort((a, b) => a.line - b.line)
    .map((candidate) => modelOf(candidate, nameOf(candidate.value, run)));
  return [...models, ...looseModels(loose)];
}

const modelOf = ({ library, line, layers }: Candidate, name: string): ScriptModel => ({
  name,
  library,
  line,
  // a graph of layers tells no order of its own: they are taken as they were made
  layers: [...layers]
    .sort((a, b) => (library === "keras" ? a.built.order - b.built.order : 0))
    .map(({ built, path }) => scriptLayer(built, path)),
});

function looseModels(loose: readonly Built[]): ScriptModel[] {
  const libraries: readonly Library[] = ["keras", "torch"];
  return libraries.flatMap((library) => {
    const own = loose.filter((built) => built.library === library);
    const [first] = own;
    return first
      ? [
          {
            name: "",
            library,
            line: first.line,
            layers: own.map((built) => scriptLayer(built, [])),
          },
        ]
      : [];
  });
}

function scriptLayer(
  { order: _order, activation: _activation, named, ...rest }: Built,
  path: readonly string[],
): ScriptLayer {
  // Keras' own containers number their layers, which no file repeats
  const attribute = path.some((key) => !/^\d+$/.test(key)) || rest.library === "torch";
  const name = named ?? (attribute && path.length > 0 ? path.join(".") : null);
  return { ...rest, name };
}

/** The class of an object, else the variable that holds the value. */
function nameOf(value: Value, run: Run): string {
  if (value.kind === "instance") return value.of.name;
  return run.globals.nameOf(value) ?? "model";
}
