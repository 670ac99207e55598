/** What a checkpoint keeps of the arguments that its network was made with (Lightning, argparse, plain dicts), as Python writes values. */
import { Generation } from "../../files/generation.ts";
import { FileSource, readBytes } from "../bytes/source.ts";
import { TorchArchive } from "./archive.ts";
import { isLegacy, readLegacy } from "./legacy.ts";
import { entriesOf } from "./modules.ts";
import { isDict, isSequence, isThing, type Value } from "./pickle/values.ts";

/** The keys under which people keep them. */
const KEYS = ["hyper_parameters", "hparams", "args", "config", "model_args", "model_kwargs"];
const MOST = 100;
const LONGEST = 200;

/** Values by the name of the argument; none where the file keeps none, or is no checkpoint. Nothing of it is run. */
export function checkpointSettings(file: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const source = new FileSource(file, new Generation());
  try {
    const head = readBytes(source, 0, Math.min(16, source.size));
    const { root } = isLegacy(head) ? readLegacy(source) : new TorchArchive(source).read("data");
    const kept = new Map(entriesOf(root));
    for (const key of KEYS)
      for (const [name, value] of entriesOf(dictOf(kept.get(key)))) {
        const text = literal(value);
        if (text !== null && /^[A-Za-z_]\w*$/.test(name) && found.size < MOST)
          found.set(name, text);
      }
  } catch {
    // no checkpoint, or a damaged one, which whoever opens it is told
  } finally {
    source.close();
  }
  return found;
}

/** argparse keeps them as attributes, Lightning as entries of a dict of its own. */
function dictOf(value: Value | undefined): Value | undefined {
  if (!isThing(value)) return value;
  return value.held.entries.size > 0 ? value.held : value.state;
}

/** As Python has it; null for what has no such form. */
function literal(value: Value, depth = 0): string | null {
  const text = written(value, depth);
  return text !== null && text.length <= LONGEST ? text : null;
}

function written(value: Value, depth: number): string | null {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (depth > 3) return null;
  if (isDict(value)) {
    const pairs = [...value.entries].map(([key, item]) => {
      const text = literal(item, depth + 1);
      return typeof key === "string" && text !== null ? `${JSON.stringify(key)}: ${text}` : null;
    });
    return pairs.every((pair) => pair !== null) ? `{${pairs.join(", ")}}` : null;
  }
  if (!isSequence(value) || value.kind === "set") return null;
  const items = value.items.map((item) => literal(item, depth + 1));
  if (!items.every((item) => item !== null)) return null;
  if (value.kind === "list") return `[${items.join(", ")}]`;
  return items.length === 1 ? `(${items.join("")},)` : `(${items.join(", ")})`;
}
