/** What fastai's `Learner.export` keeps beside the network: the names of its classes. */
import { plainText } from "../../base/plain-text.ts";
import { attribute } from "../pytorch/modules.ts";
import { isDict, isThing, type Thing, type Value } from "../pytorch/pickle/values.ts";

/** `Categorize.vocab`: by name (`o2i`) the place of each class among the outputs. */
const VOCABULARY = "fastai.data.transforms.CategoryMap";
/** Objects that are looked at: a learner has some hundred. */
const MOST = 20_000;

/** In the order of the outputs; null where the file is no learner of classes. */
export function fastaiLabels(root: Value): readonly string[] | null {
  if (!isThing(root) || !root.className.startsWith("fastai.")) return null;
  const seen = new Set<Value>();
  const open: Value[] = [attribute(root, "dls") ?? null];
  for (let one = open.pop(); one !== undefined && seen.size < MOST; one = open.pop()) {
    if (typeof one !== "object" || one === null || seen.has(one)) continue;
    seen.add(one);
    if (isThing(one) && one.className === VOCABULARY) return namesIn(one);
    if (isThing(one)) open.push(one.state, one.args, one.held);
    else if (isDict(one)) for (const held of one.entries.values()) open.push(held);
    else if ("items" in one) for (const held of one.items) open.push(held);
  }
  return null;
}

/** Null where a class has no name, or no place. */
function namesIn(vocabulary: Thing): readonly string[] | null {
  const places = attribute(vocabulary, "o2i");
  if (!isDict(places)) return null;
  const names: (string | undefined)[] = Array.from(places.entries, () => undefined);
  for (const [name, place] of places.entries)
    if (typeof name === "string" && typeof place === "number" && place in names)
      names[place] = plainText(name);
  const found = names.filter((name) => name !== undefined);
  return found.length > 0 && found.length === names.length ? found : null;
}
