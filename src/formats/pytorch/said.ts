/** What a checkpoint says beside its tensors: the hyper-parameters of the training, the architecture's name, the classes. As JSON. */
import type { Json } from "../json.ts";
import { isDict, isSequence, isThing, keyText, type Dict, type Value } from "./pickle/values.ts";

/** Keys under which training scripts keep it. */
const SAID =
  /^(hyper_parameters|h_?params|args|opt|cfg|conf(ig)?|model_(args|config|name|type)|arch(itecture)?|backbone|encoder(_name)?|names|(class|label)_?names|classes|labels|(class_to_idx|idx_to_class|id2label))$/;
/** Deeper, or more, describes no network. */
const MAX_DEPTH = 6;
const MAX_VALUES = 20_000;

/** Null where there is nothing of the kind. */
export function saidIn(root: Value): Json {
  if (!isDict(root)) return null;
  let count = 0;
  const plain = (value: Value | undefined, depth: number): Json => {
    if (++count > MAX_VALUES || depth > MAX_DEPTH) return null;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return value;
    if (typeof value === "bigint") return Number(value);
    if (isSequence(value)) return value.items.map((item) => plain(item, depth + 1));
    if (isDict(value)) return fields(value, depth);
    // an argparse.Namespace keeps its values as attributes, Lightning's AttributeDict as entries
    if (isThing(value))
      return fields(
        isDict(value.state) && value.state.entries.size > 0 ? value.state : value.held,
        depth,
      );
    return null;
  };
  const fields = ({ entries }: Dict, depth: number): Json =>
    Object.fromEntries([...entries].map(([key, item]) => [keyText(key), plain(item, depth + 1)]));
  const own = [...root.entries].filter(([key]) => typeof key === "string" && SAID.test(key));
  if (own.length === 0) return null;
  return Object.fromEntries(own.map(([key, value]) => [keyText(key), plain(value, 1)]));
}
