/** TF.js models: `model.json` with its shards in the same folder (tensorflowjs_converter, `model.save()` of TensorFlow.js). */
import { dirname } from "node:path";
import { inputError } from "../../base/errors.ts";
import { readBytes } from "../bytes/source.ts";
import type { Format } from "../format.ts";
import { member, parseJson, text } from "../json.ts";
import { readGraphModel, type Opened } from "./graph-model.ts";
import { readLayersModel } from "./layers-model.ts";
import { Shards } from "./shards.ts";

const MAX_TEXT = 256 * 2 ** 20;
/** Another kind of JSON is told apart before it is read whole. */
const MAX_SEARCHED = 16 * 2 ** 20;
const KEYS = /"(modelTopology|weightsManifest)"/;

/** `model.json`, by its topology or its manifest. */
export const tfjs: Format = {
  name: "TF.js",
  extensions: [".json"],
  match: ({ bytes, source, size }) => {
    if (!/^\s*\{/.test(Buffer.from(bytes.subarray(0, 64)).toString("latin1"))) return false;
    if (KEYS.test(Buffer.from(bytes).toString("latin1"))) return true;
    // the network may be described before, at length
    return size <= MAX_SEARCHED && KEYS.test(readBytes(source, 0, size).toString("latin1"));
  },
  open: ({ path, name, source, size, generation }, options) =>
    Promise.resolve().then(() => {
      if (size > MAX_TEXT) throw inputError(`'${name}' is too large to describe a network.`);
      const json = parseJson(readBytes(source, 0, size).toString("utf8"), `'${name}'`);
      const folder = { path: dirname(path), model: name, generation };
      const shards = new Shards(member(json, "weightsManifest"), folder);
      const opened: Opened = {
        json,
        shards,
        file: name,
        options,
        close: () => {
          source.close();
          shards.close();
        },
      };
      const topology = member(json, "modelTopology");
      const isGraph =
        text(member(json, "format")) === "graph-model" || member(topology, "node") !== undefined;
      return isGraph ? readGraphModel(opened) : readLayersModel(opened);
    }),
};
