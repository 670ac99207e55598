/** Which of the things in a checkpoint is the network: state dicts and modules, apart from what optimizers keep. */
import { sizeOf } from "../../base/tensor.ts";
import { isDict, isSequence, isTensor, isThing, keyText, type Value } from "./pickle/values.ts";
import { entriesOf, isModule, readModule, readStateDict, type Found } from "./modules.ts";

const MAX_DEPTH = 20;
const MAX_VISITS = 200_000;
const TRAINING = /optim|sched|scaler|rng|hparam|exp_avg|momentum_buffer/i;
/** The keys under which people keep the network itself. */
const PREFERRED = [
  ...["state_dict", "model_state_dict", "model_state", "model", "net", "network", "module"],
  ...["weights", "params", "model_ema", "state_dict_ema", "ema"],
];

/** Everything that holds tensors, with the keys that lead there. */
export function findAll(root: Value): Found[] {
  const found: Found[] = [];
  let visits = 0;
  const visit = (value: Value, path: readonly string[]): void => {
    if (++visits > MAX_VISITS || path.length > MAX_DEPTH) return;
    if (isTensor(value)) found.push(readStateDict([[path.at(-1) ?? "tensor", value]], path));
    else if (isModule(value)) found.push(readModule(value, path));
    else if (isThing(value)) {
      if (isDict(value.state)) visit(value.state, path);
      if (value.held.entries.size > 0) visit(value.held, path);
    } else if (isDict(value)) {
      const entries = entriesOf(value);
      if (entries.some(([, item]) => isTensor(item))) found.push(readStateDict(entries, path));
      for (const [key, item] of value.entries)
        if (typeof item === "object" && item !== null && !isTensor(item))
          visit(item, [...path, keyText(key)]);
    } else if (isSequence(value)) {
      const items = value.items.filter((item) => typeof item === "object" && item !== null);
      items.forEach((item, i) => visit(item, [...path, String(i)]));
    }
  };
  visit(root, []);
  return found.filter(({ parameters }) => parameters.length > 0);
}

/** Which tensors of a file are shown, and what the user is told of the others. */
export interface Networks {
  /** What is shown; names get their path in front when there are several. */
  readonly shown: readonly Found[];
  /** What may be the network, each by itself and the likeliest first: averaged copies of it too. */
  readonly networks: readonly Found[];
  readonly notes: readonly string[];
}

/**
 * The network, and others with weights of their own: usual keys (`state_dict`, `model`) come first,
 * then more numbers. What optimizers keep and copies with the same names (averaged weights) are
 * left out, which is noted.
 */
export function chooseNetworks(all: readonly Found[]): Networks {
  const candidates = all.filter(({ path }) => !path.some((key) => TRAINING.test(key)));
  const ranked = [...(candidates.length > 0 ? candidates : all)].sort(
    (a, b) => preference(a) - preference(b) || parametersOf(b) - parametersOf(a),
  );
  const [main] = ranked;
  if (!main) return { shown: [], networks: [], notes: [] };
  const others = ranked.filter(
    (found) => found !== main && isNetwork(found) && !sameNames(found, main),
  );
  const shown = isNetwork(main) ? [main, ...others] : ranked;
  const left = all.filter((found) => !shown.includes(found));
  return {
    shown,
    networks: ranked.filter(isNetwork),
    notes: [
      ...(main.path.length > 0 && shown.length === 1
        ? [`The network is what the file keeps under '${main.path.join(".")}'.`]
        : []),
      ...(left.length > 0 ? [leftOut(left, main)] : []),
    ],
  };
}

const parametersOf = ({ parameters }: Found): number =>
  parameters.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), 0);
const isNetwork = ({ parameters }: Found): boolean =>
  parameters.some(({ tensor }) => tensor.shape.length > 1);

function preference(found: Found): number {
  if (!isNetwork(found)) return Infinity;
  const place = PREFERRED.indexOf(found.path.at(-1) ?? "");
  return place < 0 ? PREFERRED.length : place;
}

function sameNames(a: Found, b: Found): boolean {
  const bare = ({ parameters }: Found): Set<string> =>
    new Set(parameters.map(({ name }) => name.replace(/^module\./, "")));
  const [left, right] = [bare(a), bare(b)];
  return left.size === right.size && [...left].every((name) => right.has(name));
}

function leftOut(left: readonly Found[], main: Found): string {
  const byKey = new Map<string, number>();
  for (const found of left) {
    const [key = "the file itself"] = found.path;
    const same = sameNames(found, main) ? " (the same names again)" : "";
    byKey.set(key + same, (byKey.get(key + same) ?? 0) + found.parameters.length);
  }
  const list = [...byKey].slice(0, 8).map(([key, count]) => `'${key}': ${count}`);
  return `Tensors in the file that are not shown (optimizer state, copies): ${list.join(", ")}.`;
}
