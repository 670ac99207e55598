/** What Keras 2 wrote about its layers: `keras_metadata.pb` beside the model, or (before Keras 2.5) the object graph itself. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expectBeside, openBeside, type Folder } from "../bytes/beside.ts";
import { Message } from "../bytes/protobuf.ts";
import { member, parseJson, text } from "../json.ts";
import type { ObjectGraph } from "./objects.ts";

const METADATA = "keras_metadata.pb";
/** A model is not a layer: its own layers are. */
const MODELS = /^(Functional|Sequential|Model)$/;

/** Layers by name (nested ones by their own name alone), with their class. */
export function kerasLayers(folder: Folder, objects: ObjectGraph | null): Map<string, string> {
  const classes = new Map<string, string>();
  const described = [
    ...metadataFile(folder),
    ...(objects?.objects.flatMap(({ metadata }) => metadata ?? []) ?? []),
  ];
  for (const json of described) {
    if (!json.startsWith("{")) continue;
    const facts = parseJson(json, "What Keras wrote about a layer");
    const name = text(member(facts, "name"));
    const className = text(member(facts, "class_name"));
    if (name === null || className === null || MODELS.test(className)) continue;
    classes.set(name, className.slice(className.lastIndexOf(">") + 1));
  }
  return classes;
}

function metadataFile(folder: Folder): string[] {
  expectBeside(folder, [METADATA]);
  if (!existsSync(join(folder.path, METADATA))) return [];
  const source = openBeside(folder, METADATA);
  try {
    const found: string[] = [];
    for (const field of Message.of(source).fields()) {
      if (field.number !== 1) continue;
      let [identifier, metadata] = ["", ""];
      for (const part of field.message().fields())
        if (part.number === 4) identifier = part.text();
        else if (part.number === 5) metadata = part.text();
      if (/layer|model|network|sequential/.test(identifier)) found.push(metadata);
    }
    return found;
  } finally {
    source.close();
  }
}
