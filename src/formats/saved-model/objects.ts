/**
 * The graph of Python objects that TensorFlow 2 saves beside its functions, and the same graph as the checkpoint has it: walked
 * together they tell under which key a variable is stored (saved_object_graph.proto, trackable_object_graph.proto).
 */
import type { Message } from "../bytes/protobuf.ts";
import { entry } from "../tensorflow/node-def.ts";

/** More objects than any model has. */
const MAX_OBJECTS = 1_000_000;

interface Child {
  readonly name: string;
  readonly id: number;
}
interface SavedObject {
  readonly children: readonly Child[];
  readonly variable: { readonly name: string; readonly trainable: boolean } | null;
  /** Functions of it, by their names in the library. */
  readonly functions: readonly string[];
  /** What Keras 2 (before 2.5) wrote about a layer, as JSON. */
  readonly metadata: string | null;
}
/** Objects by their numbers; 0 is the model. */
export interface ObjectGraph {
  readonly objects: readonly SavedObject[];
  /** Objects whose values are given to a function behind its arguments. */
  readonly bound: ReadonlyMap<string, readonly number[]>;
}

/** Reads a SavedObjectGraph; objects beyond a million are left out. */
export function readObjectGraph(message: Message): ObjectGraph {
  const objects: SavedObject[] = [];
  const bound = new Map<string, readonly number[]>();
  for (const field of message.fields())
    if (field.number === 1 && objects.length < MAX_OBJECTS) objects.push(objectOf(field.message()));
    else if (field.number === 2) {
      const [name, value] = entry(field.message());
      const ids: number[] = [];
      if (value)
        for (const part of value.message().fields())
          if (part.number === 2) ids.push(...part.ints());
      bound.set(name, ids);
    }
  return { objects, bound };
}

function objectOf(message: Message): SavedObject {
  const children: Child[] = [];
  const functions: string[] = [];
  let variable: SavedObject["variable"] = null;
  let metadata: string | null = null;
  for (const field of message.fields())
    if (field.number === 1) children.push(childOf(field.message()));
    else if (field.number === 4) {
      for (const part of field.message().fields()) if (part.number === 3) metadata = part.text();
    } else if (field.number === 6) {
      for (const part of field.message().fields())
        if (part.number === 1) functions.push(part.text());
    } else if (field.number === 7) {
      let [name, trainable] = ["", false];
      for (const part of field.message().fields())
        if (part.number === 3) trainable = part.bool();
        else if (part.number === 6) name = part.text();
      variable = { name, trainable };
    }
  return { children, variable, functions, metadata };
}

function childOf(message: Message): Child {
  let [name, id] = ["", 0];
  for (const field of message.fields())
    if (field.number === 1) id = field.int();
    else if (field.number === 2) name = field.text();
  return { name, id };
}

interface Trackable {
  readonly children: ReadonlyMap<string, number>;
  readonly key: string | null;
}

/** TrackableObjectGraph, as the checkpoint holds it. */
function readTrackables(message: Message): Trackable[] {
  const found: Trackable[] = [];
  for (const field of message.fields()) {
    if (field.number !== 1 || found.length >= MAX_OBJECTS) continue;
    const children = new Map<string, number>();
    let key: string | null = null;
    for (const part of field.message().fields())
      if (part.number === 1) {
        const child = childOf(part.message());
        children.set(child.name, child.id);
      } else if (part.number === 2) key = valueKey(part.message()) ?? key;
    found.push({ children, key });
  }
  return found;
}
function valueKey(message: Message): string | null {
  let [name, key] = ["", ""];
  for (const field of message.fields())
    if (field.number === 1) name = field.text();
    else if (field.number === 3) key = field.text();
  return name === "VARIABLE_VALUE" ? key : null;
}

/** Keys of the checkpoint by the number of the object. */
export function variableKeys(
  objects: readonly SavedObject[],
  checkpoint: Message,
): Map<number, string> {
  const trackables = readTrackables(checkpoint);
  const keys = new Map<number, string>();
  const seen = new Set<number>([0]);
  const queue: [number, number][] = [[0, 0]];
  for (let pair = queue.pop(); pair; pair = queue.pop()) {
    const [object, trackable] = [objects[pair[0]], trackables[pair[1]]];
    if (trackable?.key) keys.set(pair[0], trackable.key);
    for (const { name, id } of object?.children ?? []) {
      const other = trackable?.children.get(name);
      if (other === undefined || seen.has(id)) continue;
      seen.add(id);
      queue.push([id, other]);
    }
  }
  return keys;
}
